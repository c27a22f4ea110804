"""The statements that the book puts to the test, each with the place that makes it.

Two short documents make them: A on meta-learning in explainable AI, B on meta-learning for
interpretability. Claims name a statement by its id. Chapter: book/appendix/claims.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """One sentence of a source document, in our own words.

    Args:
        id: the letter of the document and a number, such as "A8"; it never changes.
        section: the section of the document that says so.
        says: what is stated.
    """

    id: str
    section: str
    says: str


_LIST = (
    Statement("A1", "1", "Complex models do not explain themselves, and this slows their use."),
    Statement("A2", "2.1", "With explanations, people understand, trust and use a system better."),
    Statement("A3", "2.2", "A learner trained on related tasks adapts fast to a new one."),
    Statement("A4", "2.2, 2.3", "A meta-learner knows how it learns, so it is easier to explain."),
    Statement("A5", "2.3", "Meta-learning makes learning a new task more efficient."),
    Statement("A6", "2.3", "What was learned in one domain helps to explain in another."),
    Statement(
        "A7",
        "3.1",
        "Five steps lead to an explainable system: sample tasks, meta-train, analyse, fine-tune "
        "by the analysis, deploy.",
    ),
    Statement("A8", "3.2", "Attention settles on the features that matter in the training tasks."),
    Statement("A9", "3.2", "Attended features are common to the tasks, so adaptation is faster."),
    Statement("A10", "3.2", "To show the attention weights is to explain the model."),
    Statement(
        "A11",
        "3.2",
        "An LSTM state gives weights over the inputs seen so far; their weighted sum and the "
        "state give the output.",
    ),
    Statement("A12", "4", "The printed PyTorch classes compute the equations of A11."),
    Statement(
        "A13", "4", "Five steps make an explainable picture classifier; text works the same way."
    ),
    Statement("A14", "4", "The attention falls on contours and textures, as a person's would."),
    Statement("A15", "5", "The method serves medicine, finance, manufacturing and the smart city."),
    Statement(
        "A16",
        "6",
        "PyTorch, Weights & Biases, Captum, Meta-Dataset and OpenAI Gym are the tools for it.",
    ),
    Statement(
        "A17",
        "7",
        "Next come transfer across domains, causes and logic, explanation in real time, and "
        "reinforcement learning; data, algorithms and engineering are hard.",
    ),
    Statement("A18", "8", "Four common questions have the answers that document A gives."),
    Statement("B1", "1.1", "Deep models are black boxes; to interpret is to see how they predict."),
    Statement("B2", "1.2", "A meta-learner learns how to update the base learner of a task."),
    Statement(
        "B3", "1.3", "What a meta-learner finds explanatory can guide a base learner's training."
    ),
    Statement("B4", "2.1", "Explanations are feature importance, local, or global."),
    Statement("B5", "2.2", "Meta-learners work by a model, by optimisation, or by a metric."),
    Statement("B6", "2.3", "Importance, local and global explanations can all be meta-learned."),
    Statement(
        "B7",
        "3.1",
        "Importance is learned across tasks, guides a base learner, and is judged on new tasks.",
    ),
    Statement(
        "B8", "3.2", "A meta-learner can write local explanations that are good and trustworthy."
    ),
    Statement("B9", "3.3", "A meta-learner can write a global tree or rule list people can read."),
    Statement("B10", "4", "The printed TensorFlow classes learn which features matter."),
    Statement("B11", "5", "The method serves finance, medicine and autonomous driving."),
    Statement("B12", "6", "TensorFlow, PyTorch, LIME and SHAP are the tools for it."),
    Statement(
        "B13",
        "7",
        "Next come better algorithms, new explanations and causal inference; data, computing and "
        "judging explanations are hard.",
    ),
    Statement("B14", "8", "Four common questions have the answers that document B gives."),
)

STATEMENTS: dict[str, Statement] = {statement.id: statement for statement in _LIST}


def statement_of(claim_id: str) -> Statement:
    """Return the statement that a claim id ("A8.pointing") or a statement id ("A8") belongs to.

    Raises:
        ValueError: if no such statement is on the list.
    """
    name = claim_id.partition(".")[0]
    if name not in STATEMENTS:
        raise ValueError(
            f"{claim_id!r} belongs to no statement: ids start with A1 to A18 or B1 to B14. "
            "book/appendix/claims.md lists them all."
        )
    return STATEMENTS[name]
