-- Other receipts, other issues and transfer orders of one business date, or audited on it, from a Yonyou U8 database.
-- Runs on SQL Server 2012 or later and PostgreSQL. U8 numbers each kind of document by itself, so the kind stands before the
-- number; a transfer order keeps its bare number, for receipts and issues name it so (cBusCode).
-- Read: RdRecord08/rdrecords08, RdRecord09/rdrecords09, TransVouch/TransVouchs, Rd_Style, Warehouse, Inventory,
-- ComputationUnit. A home with other habits keeps its own copy and names it in its daybook.toml.
SELECT
    CONCAT('QTR-', h.cCode) AS document,
    CAST(COALESCE(l.irowno, l.AutoID) AS VARCHAR(20)) AS line,
    CAST(h.dDate AS DATE) AS date,
    '其他入库单' AS document_type,
    CASE WHEN l.iQuantity < 0 THEN '红字' ELSE '蓝字' END AS red,
    CASE WHEN h.cSource = '调拨' AND w.cWhName LIKE '%损坏%' THEN '损坏品调拨'
         WHEN h.cSource = '调拨' THEN '完好品调拨'
         ELSE COALESCE(r.cRdName, '') END AS category,
    h.cWhCode AS warehouse,
    l.cInvCode AS item,
    i.cInvName AS item_name,
    COALESCE(i.cInvStd, '') AS specification,
    COALESCE(u.cComUnitName, '') AS unit,
    l.iQuantity AS quantity,
    CASE WHEN h.cSource = '调拨' THEN COALESCE(h.cBusCode, '') ELSE '' END AS transfer_order,
    '' AS from_warehouse,
    '' AS to_warehouse,
    COALESCE(h.cMaker, '') AS made_by,
    h.dnmaketime AS made_at,
    COALESCE(h.cHandler, '') AS audited_by,
    CAST(h.dVeriDate AS DATE) AS audited_on,
    COALESCE(h.cMemo, '') AS remark
FROM RdRecord08 h
JOIN rdrecords08 l ON l.ID = h.ID
JOIN Warehouse w ON w.cWhCode = h.cWhCode
JOIN Inventory i ON i.cInvCode = l.cInvCode
LEFT JOIN ComputationUnit u ON u.cComunitCode = i.cComUnitCode
LEFT JOIN Rd_Style r ON r.cRdCode = h.cRdCode
WHERE CAST(h.dDate AS DATE) = CAST(:date AS DATE) OR CAST(h.dVeriDate AS DATE) = CAST(:date AS DATE)
UNION ALL
SELECT
    CONCAT('QTC-', h.cCode),
    CAST(COALESCE(l.irowno, l.AutoID) AS VARCHAR(20)),
    CAST(h.dDate AS DATE),
    '其他出库单',
    CASE WHEN l.iQuantity < 0 THEN '红字' ELSE '蓝字' END,
    CASE WHEN h.cSource = '调拨' AND w.cWhName LIKE '%损坏%' THEN '损坏品调拨'
         WHEN h.cSource = '调拨' THEN '完好品调拨'
         ELSE COALESCE(r.cRdName, '') END,
    h.cWhCode,
    l.cInvCode,
    i.cInvName,
    COALESCE(i.cInvStd, ''),
    COALESCE(u.cComUnitName, ''),
    l.iQuantity,
    CASE WHEN h.cSource = '调拨' THEN COALESCE(h.cBusCode, '') ELSE '' END,
    '',
    '',
    COALESCE(h.cMaker, ''),
    h.dnmaketime,
    COALESCE(h.cHandler, ''),
    CAST(h.dVeriDate AS DATE),
    COALESCE(h.cMemo, '')
FROM RdRecord09 h
JOIN rdrecords09 l ON l.ID = h.ID
JOIN Warehouse w ON w.cWhCode = h.cWhCode
JOIN Inventory i ON i.cInvCode = l.cInvCode
LEFT JOIN ComputationUnit u ON u.cComunitCode = i.cComUnitCode
LEFT JOIN Rd_Style r ON r.cRdCode = h.cRdCode
WHERE CAST(h.dDate AS DATE) = CAST(:date AS DATE) OR CAST(h.dVeriDate AS DATE) = CAST(:date AS DATE)
UNION ALL
SELECT
    h.cTVCode,
    CAST(COALESCE(l.irowno, l.autoID) AS VARCHAR(20)),
    CAST(h.dTVDate AS DATE),
    '调拨单',
    '蓝字',
    CASE WHEN w.cWhName LIKE '%损坏%' THEN '损坏品调拨' ELSE '完好品调拨' END,
    h.cOWhCode,
    l.cInvCode,
    i.cInvName,
    COALESCE(i.cInvStd, ''),
    COALESCE(u.cComUnitName, ''),
    l.iTVQuantity,
    h.cTVCode,
    h.cOWhCode,
    h.cIWhCode,
    COALESCE(h.cMaker, ''),
    h.dnmaketime,
    COALESCE(h.cVerifyPerson, ''),
    CAST(h.dVerifyDate AS DATE),
    COALESCE(h.cTVMemo, '')
FROM TransVouch h
JOIN TransVouchs l ON l.cTVCode = h.cTVCode
JOIN Warehouse w ON w.cWhCode = h.cOWhCode
JOIN Inventory i ON i.cInvCode = l.cInvCode
LEFT JOIN ComputationUnit u ON u.cComunitCode = i.cComUnitCode
WHERE CAST(h.dTVDate AS DATE) = CAST(:date AS DATE) OR CAST(h.dVerifyDate AS DATE) = CAST(:date AS DATE)
ORDER BY 1, 2
