"""Explainers say why a model gave its output, each in a stated unit: one question, many answers."""

from metaxai_lab.explainers.amortized import AmortizedExplainer as AmortizedExplainer
from metaxai_lab.explainers.amortized import Training as Training
from metaxai_lab.explainers.amortized import amortize as amortize
from metaxai_lab.explainers.amortized import learned as learned
from metaxai_lab.explainers.answers import ModelFailedError as ModelFailedError
from metaxai_lab.explainers.attention_reading import read_attention as read_attention
from metaxai_lab.explainers.attention_reading import spread as spread
from metaxai_lab.explainers.by_name import EXPLAINERS as EXPLAINERS
from metaxai_lab.explainers.classes import classes_of as classes_of
from metaxai_lab.explainers.coalition_prior import Prior as Prior
from metaxai_lab.explainers.coalition_prior import fit_prior as fit_prior
from metaxai_lab.explainers.coalition_prior import hand_prior as hand_prior
from metaxai_lab.explainers.coalition_process import CoalitionProcess as CoalitionProcess
from metaxai_lab.explainers.coalitions import all_coalitions as all_coalitions
from metaxai_lab.explainers.controls import of_another_row as of_another_row
from metaxai_lab.explainers.controls import shuffled as shuffled
from metaxai_lab.explainers.controls import uniform as uniform
from metaxai_lab.explainers.counterfactual import Allowed as Allowed
from metaxai_lab.explainers.counterfactual import Counterfactual as Counterfactual
from metaxai_lab.explainers.counterfactual import linear_counterfactual as linear_counterfactual
from metaxai_lab.explainers.counterfactual_search import random_change as random_change
from metaxai_lab.explainers.counterfactual_search import (
    search_counterfactual as search_counterfactual,
)
from metaxai_lab.explainers.exact import exact_shapley as exact_shapley
from metaxai_lab.explainers.exact import shapley_of as shapley_of
from metaxai_lab.explainers.figs import TreeSum as TreeSum
from metaxai_lab.explainers.figs import distil_figs as distil_figs
from metaxai_lab.explainers.figs import grow_figs as grow_figs
from metaxai_lab.explainers.game import Game as Game
from metaxai_lab.explainers.game import explainer_of as explainer_of
from metaxai_lab.explainers.grad_cam import grad_cam as grad_cam
from metaxai_lab.explainers.gradient import gradient as gradient
from metaxai_lab.explainers.gradient import gradient_times_input as gradient_times_input
from metaxai_lab.explainers.grown_trees import distil_tree as distil_tree
from metaxai_lab.explainers.grown_trees import grow_tree as grow_tree
from metaxai_lab.explainers.importance import column_importance as column_importance
from metaxai_lab.explainers.influence import Influence as Influence
from metaxai_lab.explainers.influence import by_label as by_label
from metaxai_lab.explainers.influence import shuffled_influence as shuffled_influence
from metaxai_lab.explainers.influence_gradient import read_inner_loop as read_inner_loop
from metaxai_lab.explainers.influence_gradient import read_reading as read_reading
from metaxai_lab.explainers.influence_reading import read_distances as read_distances
from metaxai_lab.explainers.influence_reading import (
    read_support_attention as read_support_attention,
)
from metaxai_lab.explainers.integrated_gradients import integrated_gradients as integrated_gradients
from metaxai_lab.explainers.kernel_shap import kernel_shap as kernel_shap
from metaxai_lab.explainers.kernel_shap import leverage_shap as leverage_shap
from metaxai_lab.explainers.labeller import Labeller as Labeller
from metaxai_lab.explainers.labeller_kernel import Kernel as Kernel
from metaxai_lab.explainers.labeller_kernel import Posterior as Posterior
from metaxai_lab.explainers.labeller_training import train_labeller as train_labeller
from metaxai_lab.explainers.leave_one_out import leave_one_out as leave_one_out
from metaxai_lab.explainers.lime import lime as lime
from metaxai_lab.explainers.occlusion import occlusion as occlusion
from metaxai_lab.explainers.optimal_trees import optimal_surrogate as optimal_surrogate
from metaxai_lab.explainers.optimal_trees import optimal_tree as optimal_tree
from metaxai_lab.explainers.permutation import permutation_shapley as permutation_shapley
from metaxai_lab.explainers.played_games import PlayedGames as PlayedGames
from metaxai_lab.explainers.played_games import play_random_models as play_random_models
from metaxai_lab.explainers.process_training import train_process as train_process
from metaxai_lab.explainers.rule_lists import distil_rules as distil_rules
from metaxai_lab.explainers.rule_lists import grow_rules as grow_rules
from metaxai_lab.explainers.rule_lists import rules_of as rules_of
from metaxai_lab.explainers.rules import RuleList as RuleList
from metaxai_lab.explainers.seen import Seen as Seen
from metaxai_lab.explainers.stored_values import StoredValues as StoredValues
from metaxai_lab.explainers.stored_values import store_coalitions as store_coalitions
from metaxai_lab.explainers.travelling import travelling as travelling
from metaxai_lab.explainers.trees import Tree as Tree
from metaxai_lab.explainers.widened import widened as widened
