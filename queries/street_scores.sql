-- name: demonstration_scores
-- Scores of the demonstration streets of the chosen subdistricts up to the end of the year, by street and date.
SELECT d.demonstration_id, d.designation, c.scored_on, c.element, c.score, c.remark
FROM streets.street_scores c
JOIN streets.demonstration_streets d USING (demonstration_id)
WHERE c.scored_on <= make_date($year, 12, 31)
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], d.subdistrict_code))
ORDER BY d.demonstration_id, c.scored_on, c.element;
