-- name: light_spots_summary
-- Dark spots of the chosen subdistricts that are open at the end of the year, the longest of them, and how long those that were fixed had been open.
SELECT count(*) AS found_count, count(*) FILTER (NOT is_fixed) AS open_count,
       max(day_count) FILTER (NOT is_fixed) AS longest_open_days,
       arg_max(spot_name, day_count) FILTER (NOT is_fixed) AS longest_open_name,
       avg(day_count) FILTER (is_fixed) AS mean_fixed_days, max(day_count) FILTER (is_fixed) AS longest_fixed_days
FROM (
    SELECT spot_name, {{days_dark}} AS day_count, coalesce(year(fixed_on) <= $year, false) AS is_fixed
    FROM lighting.dark_spots
    WHERE year(found_on) <= $year
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
);

-- name: light_spots
-- Dark spots of the chosen subdistricts as they stand at the end of the year: those open first, the longest first, then those fixed last.
SELECT spot_id, spot_name, spot_kind, subdistrict_name, found_by, found_on,
       CASE WHEN year(fixed_on) <= $year THEN fixed_on END AS fixed_on,
       coalesce(year(fixed_on) <= $year, false) AS is_fixed, {{days_dark}} AS day_count, clause,
       round(lon, 5) AS lon, round(lat, 5) AS lat, source_kind
FROM lighting.dark_spots
WHERE year(found_on) <= $year
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY is_fixed, CASE WHEN is_fixed THEN NULL ELSE found_on END, fixed_on DESC, spot_id;

-- name: light_gaps_summary
-- Candidates for dark spots: how many, how long together, how many along streets and along water, and how many are streets without any lamp.
SELECT count(*) AS gap_count, coalesce(sum(gap_m), 0) / 1000 AS length_km,
       count(*) FILTER (place_kind = 'street') AS street_count,
       count(*) FILTER (place_kind = 'riverside') AS riverside_count,
       count(*) FILTER (NOT has_lamps) AS lampless_count
FROM {{dark_gaps_shown}};

-- name: light_gaps
-- Candidates for dark spots, the longest first, with the nearest spot found by the end of the year within $dark_spot_near_m of the stretch; by plain geometry on degrees made metres (111.32 km each, less by the cosine of the latitude from west to east), which is right to half a percent.
WITH shown AS (SELECT * FROM {{dark_gaps_shown}}),
corners AS (
    SELECT gap_id, from_json(geometry_json::JSON->'coordinates', '[["DOUBLE"]]') AS corner FROM shown
),
pieces AS (
    SELECT gap_id, corner[i] AS a, corner[i + 1] AS b
    FROM (SELECT gap_id, corner, unnest(range(1, len(corner))) AS i FROM corners)
),
seen AS (
    SELECT gap_id, spot_id, spot_name, coalesce(year(fixed_on) <= $year, false) AS is_fixed,
           111320 * cos(radians(lat)) * (a[1] - lon) AS ax, 111320 * (a[2] - lat) AS ay,
           111320 * cos(radians(lat)) * (b[1] - a[1]) AS dx, 111320 * (b[2] - a[2]) AS dy
    FROM pieces, lighting.dark_spots
    WHERE year(found_on) <= $year
),
near AS (
    SELECT gap_id, spot_id, spot_name, is_fixed,
           sqrt((ax + share * dx) ** 2 + (ay + share * dy) ** 2) AS off_m
    FROM (SELECT *, greatest(0, least(1, coalesce(-(ax * dx + ay * dy) / nullif(dx ** 2 + dy ** 2, 0), 0))) AS share
          FROM seen)
)
SELECT s.gap_id, s.place_name, s.place_kind, s.subdistrict_name, s.gap_m, s.has_lamps, n.spot_id, n.spot_name,
       n.is_fixed,
       CASE s.place_kind WHEN 'street' THEN 'street:' || s.place_name
            ELSE 'river:' || (SELECT min(river_id) FROM rivers.rivers WHERE river_name = s.place_name) END AS pick,
       round(s.lon, 5) AS lon, round(s.lat, 5) AS lat, s.source_kind
FROM shown s
LEFT JOIN (SELECT gap_id, arg_min(spot_id, off_m) AS spot_id, arg_min(spot_name, off_m) AS spot_name,
                  arg_min(is_fixed, off_m) AS is_fixed
           FROM near WHERE off_m <= $dark_spot_near_m GROUP BY gap_id) n USING (gap_id)
ORDER BY s.gap_m DESC, s.gap_id;

-- name: light_gaps_features
-- The same as map features: where the stretch runs, whether any lamp stands on that street or bank.
SELECT to_json(list({
    type: 'Feature', geometry: geometry_json::JSON,
    properties: {
        k: place_kind, lit: has_lamps,
        pick: CASE place_kind WHEN 'street' THEN 'street:' || place_name
              ELSE coalesce('river:' || (SELECT min(river_id) FROM rivers.rivers WHERE river_name = place_name), '') END,
        tip: '疑似盲区：' || place_name || chr(10) || subdistrict_name || ' · '
            || CASE place_kind WHEN 'street' THEN '沿路' ELSE '沿河' END || chr(10)
            || CASE WHEN has_lamps THEN '相邻灯具间距 ' || round(gap_m)::INTEGER || ' 米'
                    ELSE '全段无灯，长 ' || round(gap_m)::INTEGER || ' 米' END
    }
} ORDER BY gap_id))::VARCHAR
FROM {{dark_gaps_shown}};

-- name: light_gap_lengths
-- Length and number of candidates in each of the 14 subdistricts; missing while no lamps are registered.
SELECT s.subdistrict_code, s.short_name,
       CASE WHEN k.is_known THEN coalesce(sum(g.gap_m), 0) / 1000 END AS length_km,
       CASE WHEN k.is_known THEN count(g.gap_id) END AS gap_count
FROM base.subdistricts s
CROSS JOIN (SELECT count(*) > 0 AS is_known FROM lighting.assets) k
LEFT JOIN (SELECT * FROM lighting.dark_gaps WHERE gap_m >= $dark_gap_m) g USING (subdistrict_code)
GROUP BY s.subdistrict_code, s.short_name, k.is_known
ORDER BY s.subdistrict_code;
