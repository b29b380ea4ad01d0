"""What synthetic reports say: titles and texts without any person's name or number.

In a text `{place}` is where it is, `{months}`, `{people}` and `{yuan}` are numbers.
"""

from typing import NamedTuple

from api.reports.domain import Category


class Story(NamedTuple):
    """One thing that happens; `title` is short, `text` a template."""

    title: str
    text: str


HEATING = (
    Story(
        "室温不达标", "{place}住户反映供暖后室温长期不足18度，物业与供热单位互相推诿，要求退费。"
    ),
    Story("暖气漏水", "{place}暖气管道漏水，泡坏地板，住户与物业就维修费{yuan}元协商不成。"),
    Story("欠缴采暖费", "{place}住户因暖气不热拒缴采暖费，供热单位催缴，双方多次争执。"),
)

WAGES = (
    Story(
        "拖欠工资", "{people}名务工人员反映在{place}工作期间被拖欠工资{months}个月，共约{yuan}元。"
    ),
    Story(
        "工程款未付致欠薪", "{place}一施工队反映工程款未结，{people}名工人工资{months}个月未发。"
    ),
    Story("离职工资未结", "{place}一公司员工离职后{months}个月仍未结清工资，金额约{yuan}元。"),
)

DISPUTES: dict[Category, tuple[Story, ...]] = {
    Category.FAMILY: (
        Story("赡养纠纷", "{place}一老人反映子女互相推脱，{months}个月未付赡养费，请求调解。"),
        Story("离婚财产纠纷", "{place}一对夫妻就离婚后房产和子女抚养费意见不一，多次争吵。"),
        Story("继承纠纷", "{place}兄妹因父母遗留房屋的份额发生争执，要求村居调解。"),
        Story("抚养费纠纷", "{place}居民反映对方{months}个月未支付孩子抚养费。"),
        Story("家庭暴力求助", "{place}居民反映家中发生肢体冲突，请求介入并提供庇护信息。"),
    ),
    Category.NEIGHBOUR: (
        Story("楼上漏水", "{place}住户反映楼上卫生间漏水{months}个月，天花板发霉，对方拒绝维修。"),
        Story("夜间噪声", "{place}住户反映楼上夜间噪声影响休息，上门沟通后发生口角。"),
        Story("楼道堆物", "{place}楼道内堆放杂物影响通行，邻里多次争执。"),
        Story("占用公共部位", "{place}一楼住户圈占绿地种菜，其他住户要求恢复原状。"),
        Story("宠物扰民", "{place}住户反映邻居养犬不拴绳、夜间吠叫，要求规范。"),
        Story("停车位争执", "{place}两户居民因私装地锁和车位使用发生争执。"),
    ),
    Category.PROPERTY: (
        Story(
            "物业费纠纷",
            "{place}住户因楼道保洁和维修不到位拒缴物业费{months}个月，物业催缴引发争执。",
        ),
        Story("电梯停用", "{place}电梯停用{months}周无人维修，老人出行困难，住户集体反映。"),
        Story("屋面漏雨", "{place}顶层屋面漏雨，住户要求物业动用维修资金，迟迟未办。"),
        Story("下水反复堵塞", "{place}下水管道反复堵塞返水，物业称应由住户分摊费用{yuan}元。"),
        Story("公共收益不公开", "{place}住户要求公布电梯广告和停车收益账目，物业拒绝。"),
        Story("物业撤离无人管理", "{place}物业撤离后垃圾无人清运，住户要求尽快落实接管单位。"),
    ),
    Category.HOUSING: (
        Story("租房押金纠纷", "{place}租客退租后房东拒退押金{yuan}元，称房屋有损坏。"),
        Story("房屋质量纠纷", "{place}业主反映墙体开裂，开发单位迟迟不予维修。"),
        Story("办证迟延", "{place}业主反映入住{months}个月仍未办理不动产证。"),
        Story("宅基地边界", "{place}两户因院墙位置和通道宽度发生争执，要求现场丈量。"),
    ),
    Category.CONTRACT: (
        Story("民间借贷", "{place}居民反映借出{yuan}元逾期{months}个月未还，只有转账记录。"),
        Story("货款拖欠", "{place}一商户反映客户拖欠货款{yuan}元，多次催要无果。"),
        Story("装修合同纠纷", "{place}业主与装修公司就增项费用{yuan}元发生争议，工程停工。"),
        Story("商铺转租纠纷", "{place}商户转租后出租方不认可，要求限期搬离。"),
    ),
    Category.LABOUR: (
        Story("未签劳动合同", "{place}一员工反映入职{months}个月未签劳动合同，要求补偿。"),
        Story("工伤赔偿", "{place}一员工工作中受伤，单位拒付误工和医疗费用{yuan}元。"),
        Story("社保未缴", "{place}一公司{people}名员工反映单位{months}个月未缴社会保险。"),
        *WAGES,
    ),
    Category.DAMAGES: (
        Story("高空坠物", "{place}高空坠物砸坏车辆，损失约{yuan}元，无法确定责任人。"),
        Story("公共场所摔伤", "{place}一顾客因地面湿滑摔伤，与经营者就医疗费协商不成。"),
        Story("犬只伤人", "{place}行人被犬只咬伤，犬主拒付疫苗费用。"),
    ),
    Category.DEMOLITION: (
        Story("补偿标准争议", "{place}{people}户居民对征收补偿面积认定有异议，要求复核。"),
        Story("过渡费未发", "{place}被征收户反映过渡安置费{months}个月未发放。"),
    ),
    Category.ENVIRONMENT: (
        Story("油烟扰民", "{place}楼下饭店油烟直排，居民无法开窗，多次投诉。"),
        Story("施工噪声", "{place}工地夜间施工噪声大，周边{people}户居民集体反映。"),
        Story("垃圾堆放异味", "{place}垃圾点清运不及时，异味严重，居民与管理方争执。"),
    ),
    Category.MEDICAL: (
        Story("诊疗费用争议", "{place}患者对诊疗费用{yuan}元有异议，要求说明并退还。"),
        Story("诊疗效果争议", "{place}患者家属对治疗效果不满，要求院方给出说法。"),
    ),
    Category.TRAFFIC: (
        Story("轻微事故赔偿", "{place}两车剐蹭，双方对责任划分和维修费{yuan}元意见不一。"),
        Story("电动车碰撞", "{place}电动车与行人相撞，伤者要求赔偿误工费。"),
        Story("占道停车争执", "{place}车辆占道停放堵住出口，双方发生争吵。"),
    ),
    Category.CONSUMER: (
        Story("预付卡退费", "{place}一健身馆停业，{people}名会员要求退还预付费，人均约{yuan}元。"),
        Story("商品质量纠纷", "{place}顾客购买家电使用{months}个月后故障，商家拒绝退换。"),
        Story("餐饮消费争议", "{place}顾客反映账单与菜单价格不符，要求退还差额。"),
        Story("培训机构退费", "{place}家长反映培训机构停课，剩余学费{yuan}元未退。"),
    ),
    Category.OTHER: (
        Story("政策咨询", "{place}居民咨询低保和临时救助的办理条件，请求协助。"),
        Story("公共设施损坏", "{place}健身器材损坏无人维修，居民担心伤到孩子。"),
    ),
}

PATROL: dict[Category, tuple[Story, ...]] = {
    Category.PROPERTY: (
        Story("楼道堆物隐患", "巡查发现{place}楼道堆放易燃杂物，已当面劝导，需物业清理。"),
        Story("外墙脱落隐患", "巡查发现{place}外墙皮松动脱落，已设警示，需尽快维修。"),
    ),
    Category.ENVIRONMENT: (
        Story("垃圾积存", "巡查发现{place}垃圾积存未清运，已联系保洁。"),
        Story("井盖缺失", "巡查发现{place}井盖破损，已摆放警示标志，需权属单位更换。"),
    ),
    Category.OTHER: (
        Story("独居老人走访", "走访{place}独居老人，身体状况平稳，提醒用电用气安全。"),
        Story("电动车飞线充电", "巡查发现{place}有飞线充电，已劝导拆除，将复查。"),
        Story("矛盾苗头", "巡查了解到{place}两户居民言语不和，已上门劝解，将跟踪。"),
    ),
}
"""What grid workers note on their rounds."""
