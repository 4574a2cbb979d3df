"""评价 by the consumer, and the provider's one answer."""

from typing import Any

from django import forms
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from orders.evaluations import evaluation_of
from orders.forms.evaluations import AnswerForm, EvaluationForm
from orders.models import Evaluation
from orders.permissions import may_answer
from orders.services import evaluations as services
from orders.statuses import OrderStatus, Party
from orders.views.base import ActView, OneOrder
from workflow.statuses import Action


class EvaluateView(OneOrder, ActView):
    action = Action.EVALUATE
    title = gettext_lazy("评价")
    done = gettext_lazy("谢谢您的评价。")
    button = gettext_lazy("提交评价")
    form_class = EvaluationForm
    template_name = "orders/evaluations/new.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Evaluation()}

    def perform(self, form: EvaluationForm) -> None:
        services.evaluate(order=self.deal, evaluation=form.save(commit=False), actor=self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_possible = may_evaluate(self.deal, self.party) and evaluation_of(self.deal) is None
        return super().get_context_data(**kwargs) | {"is_possible": is_possible}


class AnswerView(OneOrder, ActView):
    action = Action.ANSWER
    title = gettext_lazy("回复评价")
    done = gettext_lazy("回复已发布。")
    button = gettext_lazy("发布回复")
    form_class = AnswerForm
    template_name = "orders/evaluations/answer.html"

    @cached_property
    def evaluation(self) -> Evaluation:
        evaluation = evaluation_of(self.deal)
        if evaluation is None:
            raise Http404
        evaluation.order = self.deal
        return evaluation

    def perform(self, form: forms.Form) -> None:
        services.answer_evaluation(
            evaluation=self.evaluation, actor=self.actor, text=form.cleaned_data["text"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        evaluation = self.evaluation
        return super().get_context_data(evaluation=evaluation, **kwargs) | {
            "is_possible": may_answer(self.actor, evaluation)
        }


def may_evaluate(order: Any, party: Party) -> bool:
    return party == Party.CONSUMER and order.status == OrderStatus.COMPLETED
