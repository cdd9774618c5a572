"""Two published pages of table 3, typed by hand: one leaves zeros and totals blank, one is a whole city's.

Of the outcomes only the totals are on record, so the rows between are made to add up.
"""

import pytest

from pipeline.parse import parse
from pipeline.readers.html import arrange, extract
from tests.parse.comparison import cells


def read(source):
    return parse(arrange(extract(source.encode())))


def applications(*typed):
    """Row code: its seven figures, as they stand in the document that was typed."""
    return {code: [None if figure == "-" else figure for figure in line.split()] for code, line in typed}


def shown(reading, code):
    found = [cell.figure for keys, cell in cells(reading).items() if keys[:2] == ("applications", code)]
    return [None if figure.state == "blank" else str(figure.value) for figure in found]


SHANGHAI_OFFICE_2019 = """
<html><head><meta charset="utf-8"></head><body><p>上海市人民政府办公厅2019年政府信息公开工作年度报告</p>
<p>一、总体情况</p><p>平稳。</p><p>二、主动公开政府信息情况</p>
<table><tr><td colspan=3>第二十条第（九）项
<tr><td>信息内容<td>采购项目数量<td>采购总金额
<tr><td>政府集中采购<td>1<td>251000元</table>
<p>三、收到和处理政府信息公开申请情况</p>
<table>
<tr><td colspan=3 rowspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）
 <td colspan=7>申请人情况
<tr><td rowspan=2>自然人<td colspan=5>法人或其他组织<td rowspan=2>总计
<tr><td>商业企业<td>科研机构<td>社会公益组织<td>法律服务机构<td>其他
<tr><td colspan=3>一、本年新收政府信息公开申请数量<td>821<td>35<td><td><td>2<td>1<td>859
<tr><td colspan=3>二、上年结转政府信息公开申请数量<td>18<td><td><td><td><td><td>18
<tr><td rowspan=20>三、本年度办理结果<td colspan=2>（一）予以公开<td>301<td>12<td><td><td>2<td><td>
<tr><td colspan=2>（二）部分公开（区分处理的，只计这一情形，不计其他情形）<td>46<td><td><td><td><td><td>
<tr><td rowspan=8>（三）不予公开<td>1.属于国家秘密<td><td><td><td><td><td><td>
<tr><td>2.其他法律行政法规禁止公开<td><td><td><td><td><td><td>
<tr><td>3.危及“三安全一稳定”<td><td><td><td><td><td><td>
<tr><td>4.保护第三方合法权益<td><td><td><td><td><td><td>
<tr><td>5.属于三类内部事务信息<td>5<td><td><td><td><td><td>
<tr><td>6.属于四类过程性信息<td>15<td><td><td><td><td><td>
<tr><td>7.属于行政执法案卷<td><td><td><td><td><td><td>
<tr><td>8.属于行政查询事项<td><td><td><td><td><td><td>
<tr><td rowspan=3>（四）无法提供<td>1.本机关不掌握相关政府信息<td>400<td>23<td><td><td><td><td>
<tr><td>2.没有现成信息需要另行制作<td><td><td><td><td><td><td>
<tr><td>3.补正后申请内容仍不明确<td><td><td><td><td><td>1<td>
<tr><td rowspan=5>（五）不予处理<td>1.信访举报投诉类申请<td><td><td><td><td><td><td>
<tr><td>2.重复申请<td><td><td><td><td><td><td>
<tr><td>3.要求提供公开出版物<td><td><td><td><td><td><td>
<tr><td>4.无正当理由大量反复申请<td><td><td><td><td><td><td>
<tr><td>5.要求行政机关确认或重新出具已获取信息<td><td><td><td><td><td><td>
<tr><td colspan=2>（六）其他处理<td><td><td><td><td><td><td>
<tr><td colspan=2>（七）总计<td>767<td>35<td><td><td>2<td>1<td>805
<tr><td colspan=3>四、结转下年度继续办理<td>72<td><td><td><td><td><td>72
</table><p>四、政府信息公开行政复议、行政诉讼情况</p><p>五、存在的主要问题及改进情况</p><p>没有。</p></body></html>
"""
SHANGHAI_FIGURES = applications(
    ("received_new", "821 35 - - 2 1 859"),
    ("carried_in", "18 - - - - - 18"),
    ("granted_full", "301 12 - - 2 - -"),
    ("granted_partial", "46 - - - - - -"),
    ("denied_state_secret", "- - - - - - -"),
    ("denied_deliberative", "15 - - - - - -"),
    ("unable_not_held", "400 23 - - - - -"),
    ("unable_unclear", "- - - - - 1 -"),
    ("other_total", "- - - - - - -"),
    ("processed_total", "767 35 - - 2 1 805"),
    ("carried_out", "72 - - - - - 72"),
)


@pytest.mark.parametrize("code", SHANGHAI_FIGURES)
def test_a_published_table_with_blanks_for_zeros(code):
    assert shown(read(SHANGHAI_OFFICE_2019), code) == SHANGHAI_FIGURES[code]


def test_a_unit_in_the_cell_is_kept():
    reading = read(SHANGHAI_OFFICE_2019)
    amount = cells(reading)["proactive_disclosure", "procurement", "amount"]
    assert (amount.figure.value, amount.figure.unit, amount.text) == (251000, "元", "251000元")
    assert reading.edition("applications") == "2019"


CITY_2025 = """
<meta charset=utf-8><div class=article><h1>示例市2025年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>平稳。</p>
<p>三、收到和处理政府信息公开申请情况</p>
<table><tbody>
<tr><td colspan=3 rowspan=3><p>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</p>
 <td colspan=7><p>申请人情况</p>
<tr><td rowspan=2><p>自然人</p><td colspan=5><p>法人或其他组织</p><td rowspan=2><p>总计</p>
<tr><td><p>商业<br>企业</p><td><p>科研<br>机构</p><td><p>社会公<br>益组织</p><td><p>法律服<br>务机构</p><td>其他
<tr><td colspan=3><p>一、本年新收政府信息公开申请数量</p><td>13612<td>252<td>0<td>45<td>128<td>32<td>14069
<tr><td colspan=3><p>二、上年结转政府信息公开申请数量</p><td>535<td>6<td>0<td>1<td>18<td>0<td>560
<tr><td rowspan=2><p>三、本年度办理结果</p><td colspan=2><p>（一）予以公开</p><td>13364<td>252<td>0<td>44<td>121
 <td>29<td>13810
<tr><td colspan=2><p>（七）总计</p><td>13364<td>252<td>0<td>44<td>121<td>29<td>13810
<tr><td colspan=3><p>四、结转下年度继续办理</p><td>783<td>6<td>0<td>2<td>25<td>3<td>819
</tbody></table>
<p>四、政府信息公开行政复议、行政诉讼情况</p>
<table><tr><td colspan=5>行政复议<td colspan=10>行政诉讼
<tr><td rowspan=2>结果维持<td rowspan=2>结果纠正<td rowspan=2>其他结果<td rowspan=2>尚未审结<td rowspan=2>总计
 <td colspan=5>未经复议直接起诉<td colspan=5>复议后起诉
<tr><td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计
 <td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计
<tr><td>376<td>97<td>196<td>121<td>790<td>16<td>1<td>12<td>27<td>56
 <td>74<td>1<td>30<td>51<td>156</table>
<p>五、存在的主要问题及改进情况</p><p>没有。</p></div>
"""
CITY_FIGURES = applications(
    ("received_new", "13612 252 0 45 128 32 14069"),
    ("carried_in", "535 6 0 1 18 0 560"),
    ("processed_total", "13364 252 0 44 121 29 13810"),
    ("carried_out", "783 6 0 2 25 3 819"),
)


@pytest.mark.parametrize("code", CITY_FIGURES)
def test_a_published_table_of_a_city(code):
    assert shown(read(CITY_2025), code) == CITY_FIGURES[code]


def test_the_reviews_and_lawsuits_of_a_city():
    found = [cell.figure.value for keys, cell in cells(read(CITY_2025)).items() if keys[0] == "review_litigation"]
    assert found == [376, 97, 196, 121, 790, 16, 1, 12, 27, 56, 74, 1, 30, 51, 156]
