-- The warehouse master from a Yonyou U8 database. U8 knows no quality and no site: the quality is read from the name,
-- and the department of the warehouse (cDepCode) is the site's code.
SELECT
    w.cWhCode AS warehouse,
    w.cWhName AS warehouse_name,
    COALESCE(w.cDepCode, '') AS site,
    CASE WHEN w.cWhName LIKE '%损坏%' THEN '损坏' ELSE '完好' END AS quality
FROM Warehouse w
ORDER BY w.cWhCode
