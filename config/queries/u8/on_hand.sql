-- On-hand of every item and warehouse from a Yonyou U8 database. CurrentStock holds the present moment alone: ask it
-- at the close of the day that :date names. Batches and free items are added up. SQL Server 2012 or later and PostgreSQL.
SELECT
    CAST(:date AS DATE) AS date,
    s.cWhCode AS warehouse,
    s.cInvCode AS item,
    i.cInvName AS item_name,
    COALESCE(i.cInvStd, '') AS specification,
    COALESCE(u.cComUnitName, '') AS unit,
    SUM(COALESCE(s.iQuantity, 0)) AS quantity
FROM CurrentStock s
JOIN Inventory i ON i.cInvCode = s.cInvCode
LEFT JOIN ComputationUnit u ON u.cComunitCode = i.cComUnitCode
GROUP BY s.cWhCode, s.cInvCode, i.cInvName, i.cInvStd, u.cComUnitName
ORDER BY s.cWhCode, s.cInvCode
