"""The satisfaction survey: take in, count a period, follow complaints and calls, report (spec 05).

Scheduled every Monday and on the first day of a month at 08:00 (config: survey.schedules); a period that has ended is
done once more before the one under way.
"""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from config.wording import in_every_language
from flows.forms import Department, SendMail, SurveyPeriod, chosen
from flows.overview import refresh_desk
from flows.survey_day import carried_out, keeps_survey, period_left
from tasks.desk import in_deployed_run


@flow(
    name="survey",
    flow_run_name="survey {period} {department}",
    description=in_every_language("form.flow.survey"),
    persist_result=False,
)
async def survey(
    period: SurveyPeriod = "", department: Department = "", send_mail: SendMail = True
) -> dict[str, object] | State[dict[str, object]]:
    """Tells how satisfied customers are, which complaints are open, and whom nobody has called."""
    asked = chosen(department)
    if not period and not asked and in_deployed_run():
        if not keeps_survey():
            return Completed(message=in_every_language("survey_desk.no_survey"), data={})
        left = period_left()
        if left:
            await carried_out(left, "", mail=send_mail)
    summary = await carried_out(period, asked, mail=send_mail)
    await refresh_desk()
    return summary
