"""The eight answers of the two documents, taken apart, each part beside the claims that judge it.

The words are ours; the documents are in Chinese. A part names claims of other chapters, for it and
against it, and says what follows. `questions` turns that into a state and refuses a claim that does
not stand. Chapter: book/appendix/questions.ipynb.
"""

from metaxai_lab.classroom.questions import Part

A_HELP = (
    Part(
        "A model comes to understand its own learning, and so is easier to explain.",
        "Which example moved a prediction can be read from how some learners adapt, whether they "
        "are trained or not: their form makes them readable, and nothing was found to understand.",
        by="A4.prototypes A4.recurrent",
        against="A4.untrained A4.attention_over_inputs",
    ),
    Part(
        "It learns new tasks more efficiently.",
        "It does where tasks share what is hard to find; elsewhere practice is worth nothing, or "
        "misleads.",
        by="A3.steps A5.shots",
        against="A5.nothing_shared A5.prejudice",
    ),
    Part(
        "So explainable systems can be put to work sooner.",
        "What was measured is how many rows a model needs until it is safe: fewer in a bank, but "
        "in a hospital a level of its own does as much. No deployment was timed.",
        by="A15.finance_safe",
        against="A15.medicine_level_is_as_safe",
    ),
)
A_ATTENTION = (
    Part(
        "Attention turns by itself to the key features of the training tasks.",
        "After training it does; yet a contour that tells nothing draws it, too, until such "
        "contours were met in tasks.",
        by="A8.lift_mark A8.lift_base A8.moves",
        against="A14.ring",
    ),
    Part(
        "This helps the model to adapt fast to new tasks.",
        "Of drawn letters, fewer examples do where attention was learned; the tasks were made to "
        "need it.",
        by="A9.mark A9.base",
    ),
    Part(
        "To look at the attention makes the model easier to explain.",
        "It does where nothing but the label passes through it; elsewhere it may lie on the wrong "
        "examples while answers are right, or be cleaned while a fault stays.",
        by="A10.order A10.mass",
        against="A10.right_without A7.fault_stays",
    ),
)
A_USE = (
    Part(
        "Meta-learning is widely used already, in medicine, finance, industry and smart cities.",
        "How many use a method is a count of users, which no cell of this book can make.",
    ),
    Part(
        "It brings these fields clear value.",
        "In worlds made by code few rows go further with it, though in cities one price without a "
        "learner comes close; on real tables sometimes, and not in Beijing's days, nor in every "
        "hospital.",
        by="A15.finance_ten_files A15.machines_new_mode A15.city_later A15.medicine_own_level",
        against="A15.city_shuffled A15.medicine_heart_not_safe",
    ),
)
A_TOOLS = (
    Part(
        "PyTorch, Weights & Biases, Captum, Meta-Dataset and OpenAI Gym support this work well.",
        "They can be used, Gym by its successor, Meta-Dataset by its way to sample; but a default "
        "may play another game than one thinks, or be less exact than a rival.",
        by="A16.gym A16.meta_dataset B12.captum_own_game",
        against="B12.captum_behind",
    ),
)
B_WHAT = (
    Part(
        "Interpretability is the ability to understand how a model comes to its predictions.",
        "Taken as being able to foretell the model it can be measured; but what foretells need not "
        "be what the model reads, so one has to say which is meant.",
        by="A2.simulated A2.other_reader B1.tells_apart",
        against="B4.what_foretells",
    ),
)
B_WHY = (
    Part(
        "It is crucial for transparency.",
        "A fault that accuracy hides shows in an explanation, unless the model was built to hide "
        "it from that explanation.",
        by="A1.foretold B1.tells_apart",
        against="B13.kernel_fooled",
    ),
    Part(
        "It is crucial for trust.",
        "Reasons let a fault be found and mended, and they can be wrong without a sign of it; "
        "whether people trust was not measured.",
        by="A7.found A7.stamp_repaired",
        against="B8.silent_error A15.medicine_moved_reasons_do_not_warn",
    ),
    Part(
        "It is crucial for fairness.",
        "A column that stood for the group was found by its reasons, and the gap mended; a lender "
        "that hides, or has a close stand-in, is not found so.",
        by="B11.proxy_found A15.finance_mended",
        against="B13.judges_fooled B13.stand_in_hides",
    ),
)
B_HOW = (
    Part(
        "A meta-learner learns what is explanatory.",
        "Gates learned across tasks find the columns that act, if they read the task's examples or "
        "all tasks share the columns; printed as they are, they are at chance where tasks differ.",
        by="B7.recovered B6.gates_know_the_columns",
        against="B10.at_chance",
    ),
    Part(
        "It guides the training of the model with that, and so makes the model interpretable.",
        "The guided model errs less and its weights can be read, on tasks of the kind it met; on "
        "another kind the guide harms.",
        by="B7.against_lasso B7.read_together",
        against="B3.nothing_shared B3.elsewhere",
    ),
)
B_LIMITS = (
    Part(
        "It needs much training data.",
        "Gates that a network learns need many tasks, and a start that hospitals share does "
        "not; the count below says what decides.",
        by="B13.tasks",
        against="B7.patients_10",
    ),
    Part(
        "It needs much computing.",
        "At the size of this book it does not: the trainings that were timed take seconds, a new "
        "task less time than a lasso with cross-validation. Longer ones are stored and were not "
        "timed, and large networks were not tried.",
        against="B13.milliseconds A17.trained_quickly",
    ),
    Part(
        "To judge explanations is still a hard problem.",
        "Judges that each look sound disagree, and an explanation can be made to please one, or "
        "to deceive it.",
        by="B13.judges_differ B13.let_in_yet_blind B13.pleased B13.judges_fooled",
    ),
)
A_PARTS = (*A_HELP, *A_ATTENTION, *A_USE, *A_TOOLS)
B_PARTS = (*B_WHAT, *B_WHY, *B_HOW, *B_LIMITS)
