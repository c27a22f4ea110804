"""The lab of *Learning to Explain*: meta-learners, explainers learned across tasks, their judges.

Eight floors; data climbs, imports descend: core, tasks, learners, explainers, evaluation, figures,
widgets, classroom. Chapter: book/appendix/architecture.md.
"""
