"""Every verdict in a line: under which condition a statement holds, or why it does not.

A line has no number of its own. It was written for a state, and the build stops if the verdict
says another: then the line has to be written anew. Where a number says most, the line names the
claim that has it. Chapter: book/appendix/summary.md.
"""

from dataclasses import dataclass

THEMES = {
    "Why explain": ("A1", "A2", "B1", "B4"),
    "Learning from many tasks": ("A3", "A4", "A5", "B2", "B5"),
    "Attention": ("A8", "A9", "A10", "A11", "A12", "A13", "A14"),
    "Importance, and gates that learn it": ("B3", "B7", "B10"),
    "Explanations that were meta-learned": ("B6", "B8", "B9", "A6"),
    "At work": ("A7", "A15", "B11", "A16", "B12"),
    "What comes, and what was asked": ("A17", "B13", "A18", "B14"),
}


@dataclass(frozen=True)
class Short:
    """What is left of a statement, in a line.

    Args:
        state: the verdict that the line was written for.
        line: the condition, or the reason; for a supported statement, what was done.
        number: the id of the claim whose number says most; "" where none has to be shown.
    """

    state: str
    line: str
    number: str = ""


def _if(line: str) -> Short:
    return Short("conditional", line)


SHORT = {
    "A1": _if("Where accuracy cannot tell a wrong reason; whether it slows use was not measured."),
    "A2": _if("For readers that are programs, with few rows and right explanations; not people."),
    "A3": Short("supported", "A start learned from other waves.", "A3.steps"),
    "A4": _if("By its form: some learners can be read, trained or not, if they heed examples."),
    "A5": _if("If tasks share what is hard to find; else nothing is saved."),
    "A6": _if(
        "After long training, against an untrained learner; raw pixels or ink may do better."
    ),
    "A7": _if("If reasons are punished, not weights alone, and judged where the cue misleads."),
    "A8": _if("If it reads the task, from more than one example of a class."),
    "A9": _if("On tasks that need it; that what is attended is common to tasks was not tested."),
    "A10": _if("Where what is weighed is the label, so that nothing else enters the answer."),
    "A11": Short("supported", "Hand, loop and lab agree.", "A11.loop"),
    "A12": Short(
        "refuted", "Run as printed, they weigh all alike and attend nothing.", "A12.weights"
    ),
    "A13": _if("For words met in other classes; repair and deployment were not tried on text."),
    "A14": _if(
        "On letters over photographs; on other pictures less than a blind guess at the centre."
    ),
    "A15": _if("Where places share rules and differ in size; elsewhere pooled data do as well."),
    "A16": _if("With Gymnasium for Gym, and of Meta-Dataset the way to sample."),
    "A17": _if("A first stretch of each works, on small tasks whose truth is known."),
    "A18": _if("Most parts hold on conditions that are left out; how many use it was not counted."),
    "B1": _if("If the explanation depends on the model; a map that does not shows nothing."),
    "B2": Short("supported", "Learned step sizes alone, from a frozen start.", "B2.rule"),
    "B3": _if("Where tasks share something and a new one is of their kind; else it misleads."),
    "B4": _if("The kinds have no sharp border, and none stands in for another."),
    "B5": Short("supported", "The same tasks, learned in all three ways.", "B5.all_learn"),
    "B6": _if("If the new task is like those that were met."),
    "B7": _if("If tasks share where to look, are many, and a new one is of their kind."),
    "B8": _if("Where questions are dear; its doubt can be trusted on models of the kind it met."),
    "B9": _if("Trees, from few answers, of related models; rule lists were not tried."),
    "B10": _if("If all tasks share the columns, or the row tells; a gate does not see the task."),
    "B11": _if(
        "On made roads that keep their friction; finance and medicine have their own pages."
    ),
    "B12": _if(
        "If defaults are set and LIME is not read as Shapley values; TensorFlow was not used."
    ),
    "B13": _if("Judging is hard, and can be done if one says which truth is meant."),
    "B14": _if("Most parts hold on conditions that are left out; computing was no limit here."),
}
