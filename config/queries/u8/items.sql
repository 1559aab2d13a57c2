-- The item master from a Yonyou U8 database. The unit price is the reference cost, else the planned price.
-- Sort and class (大类, 物资类别) are the company's own: here they stand in cInvDefine1 and cInvDefine2.
SELECT
    i.cInvCode AS item,
    i.cInvName AS item_name,
    COALESCE(i.cInvStd, '') AS specification,
    COALESCE(u.cComUnitName, '') AS unit,
    COALESCE(i.cInvDefine1, '') AS sort,
    COALESCE(i.cInvDefine2, '') AS item_class,
    COALESCE(i.cInvABC, '') AS abc,
    CAST(COALESCE(i.iInvSPrice, i.iInvRCost) AS DECIMAL(18, 4)) AS unit_price,
    CAST(i.iVolume AS DECIMAL(18, 6)) AS unit_volume,
    i.iMassDate AS shelf_life_days
FROM Inventory i
LEFT JOIN ComputationUnit u ON u.cComunitCode = i.cComUnitCode
ORDER BY i.cInvCode
