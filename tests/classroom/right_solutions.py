"""A right solution of each exercise, written as a reader might."""

from itertools import pairwise, permutations
from math import comb, factorial

import torch


def masked_softmax(scores, position):
    later = torch.arange(len(scores)) > position
    return scores.masked_fill(later, -torch.inf).softmax(0)


def context(weights, x):
    return weights @ x


def mass_in_mask(attention, mask):
    return attention[mask].sum() / attention.sum()


def pointing_chance(mask):
    return mask.float().mean()


def contributions(weights, row, baseline):
    return weights * (row - baseline)


def share_in_region(values, region):
    sizes = values.abs()
    return sizes[region].sum() / sizes.sum()


def fall(home, away, y):
    right = [(log_odds > 0) == (y == 1) for log_odds in (home, away)]
    return right[0].double().mean() - right[1].double().mean()


def tells_apart(one, other):
    first, second = one[:, None], other[None, :]
    return (first > second).double().mean() + 0.5 * (first == second).double().mean()


def permutation_importance(weights, x, y, order):
    def error(rows):
        return (rows @ weights - y).square().mean()

    rises = []
    for column in range(x.shape[1]):
        exchanged = x.clone()
        exchanged[:, column] = x[order, column]
        rises.append(error(exchanged) - error(x))
    return torch.stack(rises)


def product_shares(row, background):
    neither, both = background.prod(1).mean(), row.prod()
    first, second = row * background.mean(0).flip(0)
    return torch.stack([first - neither + both - second, second - neither + both - first]) / 2


def lime_slopes(steps, outputs, closeness):
    scale = closeness.sqrt()[:, None]
    table = torch.cat([torch.ones(len(steps), 1), steps], 1)
    return torch.linalg.lstsq(scale * table, scale * outputs[:, None]).solution[1:, 0]


def fidelity(model, surrogate):
    missed = (model - surrogate).square().mean()
    return 1 - missed / (model - model.mean()).square().mean()


def column_shares(values):
    sizes = values.abs()
    return (sizes / sizes.sum(1, keepdim=True)).mean(0)


def fault_column(shares, known):
    unknown = shares * ~known
    heaviest = int(unknown.argmax())
    return heaviest if unknown[heaviest] >= 3 / len(shares) else -1


def right_reason_loss(wrong, slopes, x, named, strength):
    sizes = (slopes * x).abs()
    share = sizes[:, named].sum(1) / sizes.sum(1)
    return wrong + strength * share.mean()


def agrees(lab, served, within):
    return bool(((lab - served).abs() <= within).all())


def nearest_prototype(x, y, query):
    means = torch.stack([x[y == c].mean() for c in (0, 1)])
    return (means - query).abs().argmin()


def shared_weights(scores, y):
    weights = scores.softmax(0)
    return torch.stack([weights[y == c].sum() for c in range(3)])


def influences(x, y, query):
    def log_odds(x, y):
        a, b = (x[y == c].mean() for c in (0, 1))
        return (query - a) ** 2 - (query - b) ** 2

    kept = [torch.arange(len(x)) != i for i in range(len(x))]
    return torch.stack([log_odds(x, y) - log_odds(x[k], y[k]) for k in kept])


def same_order(one, other):
    ranks = torch.stack([values.argsort().argsort().double() for values in (one, other)])
    return torch.corrcoef(ranks)[0, 1]


def inner_step(weights, x, y, inner_lr):
    return weights - inner_lr * 2 * x.T @ (x @ weights - y) / len(y)


def meta_gradient(start, goals, inner_lr):
    shrinks = 1 - 2 * inner_lr
    return (2 * shrinks * shrinks * (start - goals)).mean()


def shots_to(target, shots, errors):
    for i, low in enumerate(errors):
        if low <= target:
            share = (errors[i - 1] - target) / (errors[i - 1] - low) if i else 0
            return shots[i] if not i else shots[i - 1] + share * (shots[i] - shots[i - 1])
    return torch.inf


def steps_needed(distance, inner_lr, tolerance):
    steps = 0
    while distance > tolerance:
        distance, steps = abs(1 - 2 * inner_lr) * distance, steps + 1
    return steps


def word_weights(scores, is_word):
    powers = scores.exp() * is_word
    return powers / powers.sum().clamp_min(1e-12)


def rare(present):
    in_sentences = (present > 0).sum(0)
    return 1 - (in_sentences + 1).log() / torch.tensor(len(present) + 1).log()


def weight_moved(before, after):
    return (after - before).abs().sum(1) / 2


def lift(attention, mask):
    inside = attention[mask].sum() / attention.sum()
    return inside / mask.float().mean()


def beyond(ab, ac, bc):
    return (ab - ac * bc) / ((1 - ac**2) * (1 - bc**2)).sqrt()


def box_mask(box, side):
    left, top, right, bottom = box.tolist()
    mask = torch.zeros(side, side, dtype=torch.bool)
    mask[top:bottom, left:right] = True
    return mask


def half_width(marks):
    means = marks.mean(1)
    return 1.96 * means.std() / len(means) ** 0.5


def marked_share(slopes, x, marked):
    sizes = (slopes * x).abs()
    return ((sizes * marked).sum(1) / sizes.sum(1)).mean()


def inside(box, side):
    left, top, width, height = box
    right, bottom = min(left + width, side), min(top + height, side)
    left, top = max(left, 0), max(top, 0)
    return [left, top, right - left, bottom - top] if right > left and bottom > top else [0] * 4


def marks_needed(marks, accuracies, sound, within):
    near = accuracies >= sound - within
    stays = near.flip(0).cumprod(0).flip(0)
    return marks[stays.argmax()] if stays.any() else -1


def mass_on_class(weights, labels, label):
    return weights[labels == label].sum() / weights.sum()


def left_out(weights, labels, label):
    own = weights * (labels == label)
    whole = own.sum() / weights.sum()
    without = (own.sum() - own) / (weights.sum() - weights)
    return whole.log() - without.log()


def total_variation(p, q):
    return (p - q).abs().sum() / 2


def without_top(x, values, count):
    kept = x.clone()
    kept[values.argsort(descending=True)[: int(count)]] = 0
    return kept


def priced_ridge(x, y, prices):
    return torch.linalg.solve(x.T @ x + torch.diag(prices), x.T @ y)


def auroc(weights, relevant):
    ahead = weights[relevant][:, None] - weights[~relevant]
    return ((ahead > 0) + 0.5 * (ahead == 0)).mean()


def in_old_order(gates, order):
    return gates[order.argsort()]


def covered(logits, spread, seen):
    return ((torch.logit(seen) - logits).abs() <= 1.63 * spread).float().mean()


def gated_output(x, gate_kernel, kernel, last):
    gates = (x @ gate_kernel).sigmoid()
    return (x * gates @ kernel).relu() @ last


def twin_kernel(kernel, gates, new_gates):
    return kernel * (gates / new_gates)[:, None]


def adapted_error(gates, weights, x, y, new_x, new_y, inner_lr):
    off = x * gates @ weights - y
    moved = weights - inner_lr * 2 * (x * gates).T @ off / len(y)
    return (new_x * gates @ moved - new_y).square().mean()


def reach(gates, kernel):
    return gates.mean(0) * kernel.norm(dim=1)


def by_training_rows(x, stayed):
    size = x[stayed].std(0, correction=0)
    return (x - x[stayed].mean(0)) / size.where(size > 0, 1)


def between(y, start, freedom):
    return (y.sum() + start / freedom) / (len(y) + 1 / freedom)


def by_name(x, have, trained):
    return x[:, [have.index(name) for name in trained]]


def held_orders(importances):
    ranks = importances.argsort(-1).argsort(-1).double()
    one, other = torch.triu_indices(len(ranks), len(ranks), 1)
    return torch.corrcoef(ranks)[one, other].mean()


def table_shapley(values):
    n = len(values).bit_length() - 1
    found = torch.zeros(n, dtype=values.dtype)
    for order in permutations(range(n)):
        known = 0
        for column in order:
            found[column] += values[known + 2**column] - values[known]
            known += 2**column
    return found / factorial(n)


def shapley_kernel(n, size):
    return (n - 1) / (comb(n, size) * size * (n - size))


def closeness(row, neighbours, width):
    return (-(neighbours - row).square().sum(1) / (2 * width**2)).exp()


def made_efficient(values, output, reference):
    return values + (output - reference - values.sum()) / len(values)


def combined_answers(asked, towards, answers):
    return towards @ torch.linalg.solve(asked, answers)


def next_question(towards, variances):
    return (towards.square().sum(0) / variances).argmax()


def spread_stretch(found, spread, exact, share):
    return ((found - exact).abs() / spread).quantile(share)


def coalition_error(shares, total, masks, values):
    even = shares + (total - shares.sum()) / len(shares)
    return ((even * masks).sum(1) - values).square().mean()


def break_even(seconds, own, rival):
    return seconds / (rival - own) if rival > own else float("inf")


def spread_factor(values, spread, exact, share):
    return ((exact - values).abs() / spread).quantile(share)


def tau(one, other):
    pairs = torch.combinations(torch.arange(len(one))).T
    steps = one[pairs[0]] - one[pairs[1]], other[pairs[0]] - other[pairs[1]]
    return (steps[0] * steps[1]).sign().mean()


def on_one_scale(mark, chance, exact):
    return (mark - chance) / (exact - chance)


def on_data_value(row, table, said, known, k):
    far = ((table - row)[:, known] ** 2).sum(1)
    return said[far.argsort()[:k]].mean()


def gini(values):
    sizes, n = values.abs().sort().values, len(values)
    places = 2 * torch.arange(1, n + 1) - n - 1
    return (places * sizes).sum() / (n * sizes.sum())


def deleted(weights, row, values, fill):
    left, said = row.clone(), [row @ weights]
    for column in values.argsort(descending=True):
        left[column] = fill[column]
        said.append(left @ weights)
    return torch.stack(said)


def reader_gain(told, untold, answers):
    told, untold = (told == answers).double(), (untold == answers).double()
    return (told - untold).mean(1)


def impurity_after(yes, labels):
    left = 0.0
    for side in (labels[yes], labels[~yes]):
        if len(side):
            p = side.float().mean()
            left = left + len(side) * 2 * p * (1 - p)
    return left / len(labels)


def pair_errors(yes, labels):
    wrong = 0
    for one in (yes, 1 - yes):
        for other in (yes, 1 - yes):
            of_1 = one.T @ (other * labels[:, None])
            of_0 = one.T @ (other * (1 - labels)[:, None])
            wrong = wrong + torch.minimum(of_1, of_0)
    return wrong


def rule_answers(fires, answers):
    always = torch.ones(len(fires), 1, dtype=torch.bool)
    return answers[torch.cat([fires, always], 1).long().argmax(1)]


def on_the_front(length, fidelity):
    short, good = length[None] - length[:, None], fidelity[None] - fidelity[:, None]
    beats = (short <= 0) & (good >= 0) & ((short < 0) | (good > 0))
    return ~beats.any(1)


def likeness(a, b, relevance):
    return 1 / (1 + (relevance * (a - b)).square().sum() / 2)


def chance_of_one(mean, spread):
    return torch.special.ndtr(mean / spread)


def guided_gain(n_rows, n_ones, rows_above, ones_above, weight, strength):
    def impurity(n, p):
        return 2 * p * (n - p) / n

    sides = impurity(rows_above, ones_above)
    sides += impurity(n_rows - rows_above, n_ones - ones_above)
    return (impurity(n_rows, n_ones) - sides) * weight**strength


def paired_lead(ours, theirs):
    lead = ours - theirs
    return torch.stack([lead.mean(), lead.std() / len(lead) ** 0.5])


def gap_in_yes(approved, group):
    yes = approved.double()
    return yes[~group].mean() - yes[group].mean()


def gap_among_payers(approved, repaid, group):
    return gap_in_yes(approved[repaid], group[repaid])


def steps_to_yes(points, weight, step, bound):
    return ((bound - points) / (weight.abs() * step)).ceil().clamp_min(0)


def first_days(days, k):
    return days.argsort().argsort() < k


def longest_stay(values):
    longest = stay = 1
    for before, now in pairwise(values):
        stay = stay + 1 if now == before else 1
        longest = max(longest, stay)
    return longest


def days_waited(rings, opened):
    days = rings.nonzero()[:, 0]
    later = days[days > opened]
    return later[0] - opened if len(later) else torch.inf


def benefit(advised, ill, threshold):
    price = threshold / (1 - threshold)
    return (advised * ill).mean() - price * (advised * (1 - ill)).mean()


def safe_from(lows, sizes):
    bad = (lows <= 0).nonzero()[:, 0]
    start = int(bad[-1]) + 1 if len(bad) else 0
    return sizes[start] if start < len(sizes) else 0


def lost_share(weights, x, measured):
    usual = (weights * x).abs().mean(0)
    return 1 - usual[measured].sum() / usual.sum()


def power_rule(rpm, torque):
    power = torque * rpm * 2 * torch.pi / 60
    return (power < 3500) | (power > 9000)


def named_share(values, truth):
    place = values.abs().argsort(-1, descending=True).argsort(-1)
    led = place < truth.sum(-1, keepdim=True)
    return (led == truth).all(-1).double().mean()


def out_of_range(rows, low, high):
    return ~((rows >= low) & (rows <= high))


def room_to_stop(gap, speed, grip, reaction):
    return gap - speed * reaction - speed.square() / (2 * grip)


def trips_harmed(gap, off, steps):
    driven = torch.arange(gap.shape[1]) < steps[:, None]
    return (((gap <= 0) | off) & driven).any(1).sum()


def agreement_and_chance(rules, driver, visited):
    same = (rules == driver)[visited].float().mean()
    brakes = driver[visited].float().mean()
    return torch.stack([same, torch.maximum(brakes, 1 - brakes)])


def slow_end(seconds, percent):
    return seconds.sort().values[-int(-len(seconds) * percent // 100) - 1]


def answered_after(came, cost):
    free, waits = 0.0, []
    for arrived, work in zip(came.tolist(), cost.tolist(), strict=True):
        free = max(free, arrived) + work
        waits.append(free - arrived)
    return torch.tensor(waits)


def changed_hands(first, now):
    a, b = (x.abs().mean(0) / x.abs().mean(0).sum() for x in (first, now))
    return (b - a).clamp_min(0).sum()


def shots_of(sizes, n_query, n_support, log_weights):
    mass = log_weights.exp() * sizes
    wanted = (mass / mass.sum() * (n_support - len(sizes))).floor() + 1
    return torch.minimum(wanted, sizes - n_query)


def share_of_the_way(untrained, transferred, home):
    return (transferred.mean() - untrained.mean()) / (home.mean() - untrained.mean())


def lead_of_order(answers, lots):
    stands, by_lot = ((each == each[..., -1:]).float().mean(-1) for each in (answers, lots))
    return stands - by_lot.mean(0)


def total_effect(weights, cause, outcome):
    return torch.linalg.inv(torch.eye(len(weights)) - weights)[outcome, cause]


def travel_gap(errors):
    n, own = len(errors), errors.diagonal()
    return (errors.sum() - own.sum()) / (n * (n - 1)) - own.mean()


def broken_pairs(values, yes):
    more = values[None, :] > values[:, None]
    return (more & yes[:, None] & ~yes[None, :]).sum()


def wiring_belief(call, felt, force, gust):
    return (2 * call * force * felt / gust**2).cumsum(0).sigmoid()


def pushes_advantage(reward, value, discount, trust):
    surprise = reward + discount * value[1:] - value[:-1]
    steps = torch.arange(len(surprise))
    ahead = (steps - steps[:, None]).clamp_min(0)
    counts = ((discount * trust) ** ahead).triu()
    return counts @ surprise


def turned_more_often(log_odds, without, weights):
    turned = ((without > 0) != (log_odds > 0)[:, None]).double()
    heaviest = weights.argmax(1, keepdim=True)
    return turned.gather(1, heaviest).mean() - turned.mean()


def path_shares(slopes, row, baseline):
    return slopes.mean(0) * (row - baseline)


def near_slope(x, y, near):
    x = x - (near * x).sum() / near.sum()
    return (near * x * y).sum() / (near * x * x).sum()


def smoothed(curve, keep):
    last, found = 0.0, []
    for t, value in enumerate(curve, 1):
        last = keep * last + (1 - keep) * value
        found.append(last / (1 - keep**t))
    return torch.stack(found)


def adapted_shares(start, x, y, inner_lr, steps):
    for _ in range(steps):
        start = inner_step(start, x, y, inner_lr)
    return column_shares(contributions(start, x, x.mean(0)))


def named_by_both(scores, is_word, labels, label, count):
    weights = word_weights(scores, is_word)
    matters = left_out(weights, labels, label).abs()
    heaviest = weights.argsort(descending=True)[:count]
    return torch.isin(heaviest, matters.argsort(descending=True)[:count]).double().mean()


def found_by_ridge(x, y, stayed, price, relevant):
    units = by_training_rows(x, stayed)[stayed]
    weights = priced_ridge(units, y[stayed], torch.full((x.shape[1],), price))
    return auroc(weights.abs(), relevant)


def error_of_guess(guess, values):
    mended = made_efficient(guess, values[-1], values[0])
    return (mended - table_shapley(values)).square().mean()


def worth_keeping(fires, answers, model):
    found = []
    for kept in range(len(answers)):
        own = torch.cat([answers[:kept], answers[-1:]])
        found.append((rule_answers(fires[:, :kept], own) == model).double().mean())
    return on_the_front(torch.arange(len(answers)), torch.stack(found))


def sparse_and_right(weights, row, several, fill):
    sparse = torch.stack([gini(values) for values in several])
    left = torch.stack([deleted(weights, row, values, fill).mean() for values in several])
    return tau(sparse, -left)


def refusal_gain(rows, low, high, advised, ill, threshold):
    left = advised * ~out_of_range(rows, low, high).any(1)
    return benefit(left, ill, threshold) - benefit(advised, ill, threshold)
