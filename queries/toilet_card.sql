-- name: toilet_ids
-- Numbers of all registered toilets, whenever they opened.
SELECT toilet_id FROM toilets.toilets;

-- name: toilet_card
-- Everything the register says of one toilet, whenever it opened; where it belongs.
SELECT toilet_id, toilet_name, subdistrict_code, subdistrict_name, street_name, lon, lat, grade,
       star_rating, women_stalls, men_stalls, has_third_room, has_nursing_room, has_accessible,
       has_tidal_stalls, is_open_24h, is_social, opened_year, renewed_year, position_source,
       source_kind
FROM toilets.toilets
WHERE toilet_id = $toilet_id;

-- name: toilet_cell
-- One cell of land with the walk to the nearest toilet of the scope at the end of the year, and how far off a walkable street is; no walk while no toilet is registered or none can be reached.
SELECT c.cell_id, c.subdistrict_code, c.subdistrict_name, c.lon, c.lat, c.area_km2, c.method,
       c.street_m, c.residents, k.walk_m, k.toilet_id, t.toilet_name
FROM toilets.coverage_cells c
LEFT JOIN toilets.cell_walks k
  ON k.cell_id = c.cell_id AND k.scope = $scope AND $year BETWEEN k.from_year AND k.to_year
LEFT JOIN toilets.toilets t ON t.toilet_id = k.toilet_id
WHERE c.cell_id = $cell_id;
