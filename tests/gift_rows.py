"""A table of knowledge about gifts, with three rows that are wrong, and the same rows put right."""

from __future__ import annotations

BAG = "亲，买两件送您一个帆布袋哦。"
HEADINGS = ["标准问", "类型", "意图", "相似问法", "答案1"]
GIFTS = [
    ["买两件送什么小礼物", "规则", "pre.gift", "两件的小礼物是什么", BAG],
    ["礼盒第三款能单买吗", "规则", "pre.gift", "第三款礼盒单卖不", "亲，可以单买的。"],
]
BAD = [
    ["礼盒有几种", "规定", "pre.gift", "礼盒几种", "亲，有七种。"],
    ["礼盒多大", "规则", "pre.giff", "礼盒尺寸", "亲，见详情页。"],
    ["礼盒多重", "规则", "pre.gift", "礼盒重量", "亲，{礼盒重量}。"],
]
MENDED = [
    ["礼盒有几种", "规则", "pre.gift", "礼盒几种", "亲，有七种。"],
    ["礼盒多大", "规则", "pre.gift", "礼盒尺寸", "亲，见详情页。"],
    ["礼盒多重", "规则", "pre.gift", "礼盒重量", "亲，看详情页。"],
]
