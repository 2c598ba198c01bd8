-- name: search
-- Entries that a typed text finds ($wanted as data.search.normalised gives it), best first, with the number of all that it finds: by exact name or number, beginning of the name, part of it, initials, pinyin, other text; of each kind a few before the rest.
WITH ranked AS (
    SELECT *,
           CASE WHEN name_key = $wanted OR list_contains(string_split(aliases, ' '), $wanted) THEN 0
                WHEN starts_with(name_key, $wanted) OR contains(' ' || aliases, ' ' || $wanted) THEN 1
                WHEN contains(name_key, $wanted) THEN 2
                WHEN list_contains(string_split(initials, ' '), $wanted) THEN 3
                WHEN contains(' ' || initials, ' ' || $wanted) THEN 4
                WHEN contains(initials, $wanted) THEN 5
                WHEN contains(' ' || pinyin, ' ' || $wanted) THEN 6
                WHEN length($wanted) > 2 AND contains(pinyin, $wanted) THEN 7
                WHEN contains(further_key, $wanted) THEN 8 END AS match_rank
    FROM base.search_entries
    WHERE length($wanted) > 0
), placed AS (
    SELECT *,
           list_position(['subdistrict', 'river', 'street', 'place', 'project', 'indicator', 'clause',
                          'toilet'], entry_kind) AS kind_rank,
           row_number() OVER (PARTITION BY match_rank, entry_kind ORDER BY length(name_key), name_key)
               AS nth_of_kind,
           count(*) OVER () AS found_count
    FROM ranked
    WHERE match_rank IS NOT NULL
)
SELECT entry_kind, entry_id, entry_name, detail, source_kind, match_rank, found_count
FROM placed
ORDER BY match_rank, nth_of_kind > 3, kind_rank, length(name_key), name_key, entry_id
LIMIT $most;

-- name: search_entry
-- One entry of the search index: what it is, in which subdistricts, its box where it is on the map.
SELECT entry_kind, entry_id, entry_name, detail, subdistrict_codes, west, south, east, north,
       source_kind
FROM base.search_entries
WHERE entry_kind = $entry_kind AND entry_id = $entry_id;

-- name: search_shape
-- The shape of one entry of the search index as map features: lines, areas, or its point.
WITH shape AS (
    SELECT geometry_json, NULL::DOUBLE AS lon, NULL::DOUBLE AS lat
    FROM base.subdistricts WHERE $entry_kind = 'subdistrict' AND subdistrict_code = $entry_id
    UNION ALL
    SELECT geometry_json, NULL, NULL
    FROM rivers.rivers WHERE $entry_kind = 'river' AND river_id = $entry_id
    UNION ALL
    SELECT geometry_json, NULL, NULL
    FROM streets.streets WHERE $entry_kind = 'street' AND street_name = $entry_id
    UNION ALL
    SELECT NULL, lon, lat
    FROM toilets.toilets WHERE $entry_kind = 'toilet' AND toilet_id = $entry_id
    UNION ALL
    SELECT geometry_json, lon, lat
    FROM plan.projects WHERE $entry_kind = 'project' AND project_id = $entry_id
    UNION ALL
    SELECT geometry_json, lon, lat
    FROM plan.places WHERE $entry_kind = 'place' AND place_name = $entry_id
)
SELECT to_json(list({
    type: 'Feature',
    geometry: coalesce(geometry_json::JSON,
                       to_json({type: 'Point', coordinates: [round(lon, 5), round(lat, 5)]}))
}))::VARCHAR
FROM shape
WHERE geometry_json IS NOT NULL OR lon IS NOT NULL;

-- name: search_ids
-- Kind and number of every entry of the search index: all that a scene of a story can point at.
SELECT entry_kind, entry_id
FROM base.search_entries;
