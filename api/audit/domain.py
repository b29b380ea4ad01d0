"""What is written down of deeds. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from gis.wording import Wording


class Deed(StrEnum):
    """What was done."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    LOCKED_OUT = "locked_out"
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_RESET = "second_factor_reset"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a deed
    SESSION_REVOKED = "session_revoked"
    PERSON_CREATED = "person_created"
    PERSON_CHANGED = "person_changed"
    PERSON_DISABLED = "person_disabled"
    PERSON_ENABLED = "person_enabled"
    PERSON_UNLOCKED = "person_unlocked"
    PROVIDER_LINKED = "provider_linked"
    UNIT_CHANGED = "unit_changed"
    ROLES_GRANTED = "roles_granted"
    TOKEN_MADE = "token_made"  # noqa: S105 - the name of a deed
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the name of a deed
    DENIED = "denied"
    CASE_READ = "case_read"
    CASE_STEPPED = "case_stepped"
    CASE_LINKED = "case_linked"
    CASE_MERGED = "case_merged"
    CASE_SPLIT = "case_split"
    CASE_DISPATCHED = "case_dispatched"
    CASE_CLAIMED = "case_claimed"
    CASE_RELEASED = "case_released"
    UNIT_MOVED = "unit_moved"
    MORE_TIME_ASKED = "more_time_asked"
    MORE_TIME_DECIDED = "more_time_decided"
    LIMIT_CHANGED = "limit_changed"
    CALENDAR_CHANGED = "calendar_changed"
    WHISTLE_BLOWN = "whistle_blown"
    WHISTLE_RAISED = "whistle_raised"
    WHISTLE_ENDED = "whistle_ended"
    WHISTLE_SCORED = "whistle_scored"
    EXPERT_ASKED = "expert_asked"
    OPINION_GIVEN = "opinion_given"
    MEASURE_RECORDED = "measure_recorded"
    AGREEMENT_RECORDED = "agreement_recorded"
    PAYMENT_ENTERED = "payment_entered"
    TASK_SET = "task_set"
    TASK_DONE = "task_done"
    MEMBER_ADDED = "member_added"
    MEMBER_REMOVED = "member_removed"
    REPORT_FILED = "report_filed"
    RECEIPT_MADE = "receipt_made"
    REPORTS_IMPORTED = "reports_imported"
    AREAS_IMPORTED = "areas_imported"
    OVERRIDE_MADE = "override_made"
    OVERRIDE_ENDED = "override_ended"
    PLACEMENT_CONFIRMED = "placement_confirmed"
    PLACE_CORRECTED = "place_corrected"
    PARTY_ADDED = "party_added"
    PARTY_CHANGED = "party_changed"
    PARTY_REMOVED = "party_removed"
    PARTY_READ = "party_read"
    PARTY_REVEALED = "party_revealed"
    PARTY_SEARCHED = "party_searched"
    PARTY_MERGED = "party_merged"
    DATA_EXPORTED = "data_exported"
    LAYER_EXPORTED = "layer_exported"
    RETENTION_RUN = "retention_run"
    RETENTION_CHANGED = "retention_changed"
    LEGAL_HOLD_SET = "legal_hold_set"
    LEGAL_HOLD_LIFTED = "legal_hold_lifted"
    NOTICE_READ = "notice_read"
    CHANNEL_CHANGED = "channel_changed"
    UNIT_ADDRESS_CHANGED = "unit_address_changed"
    DELIVERY_REPLAYED = "delivery_replayed"
    KEYS_ROTATED = "keys_rotated"
    CASE_GRADED = "case_graded"
    GRADE_OVERRIDDEN = "grade_overridden"
    GRADE_CONFIRMED = "grade_confirmed"
    RISK_FORM_CHANGED = "risk_form_changed"
    CASE_REROUTED = "case_rerouted"
    RULES_SAVED = "rules_saved"
    RULES_ACTIVATED = "rules_activated"
    CUSTODY_OFFERED = "custody_offered"
    CUSTODY_SIGNED = "custody_signed"
    AUDIT_SEARCHED = "audit_searched"
    AUDIT_VERIFIED = "audit_verified"


DEED_TITLES: Mapping[Deed, Wording] = {
    Deed.SIGN_IN: Wording("登录", "Signed in"),
    Deed.SIGN_IN_FAILED: Wording("登录失败", "Failed to sign in"),
    Deed.SIGN_OUT: Wording("退出", "Signed out"),
    Deed.LOCKED_OUT: Wording("账号锁定", "Locked out"),
    Deed.SECOND_FACTOR_SET: Wording("设置双因素验证", "Set up the second factor"),
    Deed.SECOND_FACTOR_RESET: Wording("重置双因素验证", "Reset the second factor"),
    Deed.PASSWORD_CHANGED: Wording("修改密码", "Changed a password"),
    Deed.SESSION_REVOKED: Wording("吊销会话", "Revoked a session"),
    Deed.PERSON_CREATED: Wording("新建人员", "Created a person"),
    Deed.PERSON_CHANGED: Wording("修改人员", "Changed a person"),
    Deed.PERSON_DISABLED: Wording("停用人员", "Disabled a person"),
    Deed.PERSON_ENABLED: Wording("启用人员", "Enabled a person"),
    Deed.PERSON_UNLOCKED: Wording("解除账号锁定", "Unlocked an account"),
    Deed.PROVIDER_LINKED: Wording("关联统一身份认证", "Linked to the identity provider"),
    Deed.UNIT_CHANGED: Wording("修改单位", "Changed a unit"),
    Deed.ROLES_GRANTED: Wording("授予角色", "Granted roles"),
    Deed.TOKEN_MADE: Wording("签发接入令牌", "Made a token"),
    Deed.TOKEN_REVOKED: Wording("吊销接入令牌", "Revoked a token"),
    Deed.DENIED: Wording("越权被拒", "Denied"),
    Deed.CASE_READ: Wording("查看案件", "Read a case"),
    Deed.CASE_STEPPED: Wording("办理案件环节", "Took a step of a case"),
    Deed.CASE_LINKED: Wording("关联案件", "Linked cases"),
    Deed.CASE_MERGED: Wording("并案", "Merged cases"),
    Deed.CASE_SPLIT: Wording("拆分案件", "Split a case"),
    Deed.CASE_DISPATCHED: Wording("分派案件", "Dispatched a case"),
    Deed.CASE_CLAIMED: Wording("认领案件", "Claimed a case"),
    Deed.CASE_RELEASED: Wording("放开案件", "Gave a case up"),
    Deed.UNIT_MOVED: Wording("办理单位任务", "Moved a unit's assignment"),
    Deed.MORE_TIME_ASKED: Wording("申请延期", "Asked for more time"),
    Deed.MORE_TIME_DECIDED: Wording("审批延期", "Decided on more time"),
    Deed.LIMIT_CHANGED: Wording("修改时限", "Changed a limit"),
    Deed.CALENDAR_CHANGED: Wording("修改工作日历", "Changed the working calendar"),
    Deed.WHISTLE_BLOWN: Wording("吹哨", "Blew a whistle"),
    Deed.WHISTLE_RAISED: Wording("吹哨升级", "Raised a whistle"),
    Deed.WHISTLE_ENDED: Wording("结束吹哨", "Ended a whistle"),
    Deed.WHISTLE_SCORED: Wording("吹哨评分", "Scored a whistle"),
    Deed.EXPERT_ASKED: Wording("邀请专家会诊", "Asked an expert"),
    Deed.OPINION_GIVEN: Wording("记录会诊意见", "Recorded an opinion"),
    Deed.MEASURE_RECORDED: Wording("记录调处措施", "Recorded a measure"),
    Deed.AGREEMENT_RECORDED: Wording("记录协议", "Recorded an agreement"),
    Deed.PAYMENT_ENTERED: Wording("登记付款", "Entered a payment"),
    Deed.TASK_SET: Wording("交办任务", "Set a task"),
    Deed.TASK_DONE: Wording("完成任务", "Finished a task"),
    Deed.MEMBER_ADDED: Wording("加入案件人员", "Put a person on a case"),
    Deed.MEMBER_REMOVED: Wording("移出案件人员", "Took a person off a case"),
    Deed.REPORT_FILED: Wording("登记上报", "Filed a report"),
    Deed.RECEIPT_MADE: Wording("打印回执", "Printed a receipt"),
    Deed.REPORTS_IMPORTED: Wording("批量导入报告", "Imported reports"),
    Deed.AREAS_IMPORTED: Wording("导入区划", "Imported areas"),
    Deed.OVERRIDE_MADE: Wording("写下改派", "Made an override"),
    Deed.OVERRIDE_ENDED: Wording("结束改派", "Ended an override"),
    Deed.PLACEMENT_CONFIRMED: Wording("确认管辖", "Confirmed the units"),
    Deed.PLACE_CORRECTED: Wording("更正地点", "Corrected the place"),
    Deed.PARTY_ADDED: Wording("登记当事人", "Added a party"),
    Deed.PARTY_CHANGED: Wording("修改当事人", "Changed a party"),
    Deed.PARTY_REMOVED: Wording("删除当事人", "Removed a party"),
    Deed.PARTY_READ: Wording("查看当事人", "Read a party"),
    Deed.PARTY_REVEALED: Wording("显示当事人信息", "Revealed a party"),
    Deed.PARTY_SEARCHED: Wording("查找重复当事人", "Searched for a party"),
    Deed.PARTY_MERGED: Wording("合并当事人", "Merged parties"),
    Deed.DATA_EXPORTED: Wording("导出个人数据", "Exported a person's data"),
    Deed.LAYER_EXPORTED: Wording("导出图层", "Exported a layer"),
    Deed.RETENTION_RUN: Wording("执行保存期限", "Ran the retention"),
    Deed.RETENTION_CHANGED: Wording("修改保存期限", "Changed a period of retention"),
    Deed.LEGAL_HOLD_SET: Wording("设置法律保全", "Set a legal hold"),
    Deed.LEGAL_HOLD_LIFTED: Wording("解除法律保全", "Lifted a legal hold"),
    Deed.NOTICE_READ: Wording("阅读通知", "Read a notice"),
    Deed.CHANNEL_CHANGED: Wording("修改通知渠道", "Changed a channel"),
    Deed.UNIT_ADDRESS_CHANGED: Wording("修改单位联系方式", "Changed a unit's address"),
    Deed.DELIVERY_REPLAYED: Wording("重新投递", "Replayed a delivery"),
    Deed.KEYS_ROTATED: Wording("轮换密钥", "Rotated the keys"),
    Deed.CASE_GRADED: Wording("风险定级", "Graded a case"),
    Deed.GRADE_OVERRIDDEN: Wording("人工改定等级", "Overrode a grade"),
    Deed.GRADE_CONFIRMED: Wording("复核等级", "Decided on a grade as second"),
    Deed.RISK_FORM_CHANGED: Wording("修改风险评分表", "Changed the risk form"),
    Deed.CASE_REROUTED: Wording("更正后重新分派", "Routed a case again"),
    Deed.RULES_SAVED: Wording("保存分派规则", "Saved routing rules"),
    Deed.RULES_ACTIVATED: Wording("启用分派规则", "Put routing rules in force"),
    Deed.CUSTODY_OFFERED: Wording("首问交接", "Handed a case over"),
    Deed.CUSTODY_SIGNED: Wording("签收首问交接", "Signed for a case"),
    Deed.AUDIT_SEARCHED: Wording("查询审计", "Searched the audit"),
    Deed.AUDIT_VERIFIED: Wording("校验审计", "Verified the audit"),
}

LOOKS = frozenset(
    {
        Deed.CASE_READ,
        Deed.PARTY_READ,
        Deed.PARTY_REVEALED,
        Deed.PARTY_SEARCHED,
        Deed.DATA_EXPORTED,
    }
)
"""The deeds by which somebody saw a subject's data."""


class Entry(NamedTuple):
    """One deed to be written down.

    ``actor`` is a person's id as text, "system" or "anonymous"; ``subject`` a kind and a key, such
    as "case:DD-2026-000001". ``content`` names no person and no secret.
    """

    deed: Deed
    actor: str
    actor_name: str
    subject: str
    content: Mapping[str, Any] = MappingProxyType({})
    reason: str = ""
