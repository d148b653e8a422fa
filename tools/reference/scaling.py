"""Scaling laws by SciPy, for @llm101/sweeps.

Lines in log-log axes and quantiles of Student's t, for its tests:

    pip install numpy scipy
    python tools/reference/scaling.py | npx prettier --stdin-filepath scaling.json > packages/sweeps/test/fixtures/scaling.json

Fits of L = E + A / N^alpha + B / D^beta, to be compared with ours:

    python tools/reference/scaling.py ../shared/reference/chinchilla-figure-4.csv > cuts.json
    node packages/sweeps/scripts/compare-fits.mjs ../shared/reference/chinchilla-figure-4.csv cuts.json

The table is cut in many ways (cuts.json says which rows, in which order and units), and each cut ground to its bottom by another route than
ours: BFGS with finite steps in the plain logarithms from random starts, then Nelder and Mead's simplex around the best of them, again and
again until nothing is gained. Takes some minutes.
"""

import csv
import json
import sys

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.special import logsumexp
from scipy.stats import linregress, t

DELTA = 1e-3
random = np.random.RandomState(101)


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    n = np.array([float(row["Model Size"]) for row in rows])
    flop = np.array([float(row["Training FLOP"]) for row in rows])
    loss = np.array([float(row["loss"]) for row in rows])
    return n, flop / (6 * n), loss, flop


def huber_sum(theta, log_n, log_d, log_l):
    a, b, e, alpha, beta = theta
    with np.errstate(all="ignore"):
        terms = np.stack([a - alpha * log_n, b - beta * log_d, np.full_like(log_n, e)])
        residual = np.abs(logsumexp(terms, axis=0) - log_l)
    value = np.where(residual <= DELTA, residual**2 / 2, DELTA * (residual - DELTA / 2)).sum()
    return value if np.isfinite(value) else 1e9


def slope(theta, log_n, log_d, log_l):
    a, b, e, alpha, beta = theta
    with np.errstate(all="ignore"):
        terms = np.stack([a - alpha * log_n, b - beta * log_d, np.full_like(log_n, e)])
        total = logsumexp(terms, axis=0)
        shares = np.exp(terms - total)
        psi = np.clip(total - log_l, -DELTA, DELTA)
    jacobian = np.stack([shares[0], shares[1], shares[2], -shares[0] * log_n, -shares[1] * log_d])
    return np.nan_to_num(jacobian @ psi)


def ground(n, d, loss, starts=120):
    logs = np.log(n), np.log(d), np.log(loss)
    found = []
    for _ in range(starts):
        alpha, beta = np.exp(random.uniform(np.log(0.03), np.log(3), 2))
        share = random.dirichlet([1, 1, 1]) * np.exp(logs[2].mean())
        start = [
            np.log(share[0]) + alpha * logs[0].mean(),
            np.log(share[1]) + beta * logs[1].mean(),
            np.log(share[2]),
            alpha,
            beta,
        ]
        fit = minimize(huber_sum, start, logs, jac=slope, method="L-BFGS-B", options={"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-12, "maxfun": 4000})
        found.append((fit.fun, fit.x))
    found.sort(key=lambda pair: pair[0])
    best = found[0]
    for value, at in found[:3]:
        for _ in range(8):
            simplex = minimize(
                huber_sum, at, logs, method="Nelder-Mead", options={"maxiter": 4000, "maxfev": 4000, "xatol": 1e-10, "fatol": 1e-16, "adaptive": True}
            )
            again = minimize(huber_sum, simplex.x, logs, jac=slope, method="BFGS", options={"gtol": 1e-13, "maxiter": 4000})
            better = min([simplex, again], key=lambda fit: fit.fun)
            gain = value - better.fun
            if gain > 0:
                value, at = better.fun, better.x
            if gain < 1e-12 * value:
                break
        if value < best[0]:
            best = value, at
    return best


def cuts(n, d, loss, flop):
    everything = np.arange(len(n))
    by_loss = np.argsort(loss, kind="stable")
    for count in [5, 0, 1, 3, 10, 20, 60]:
        yield f"{count} highest losses left out", by_loss[: len(n) - count], (1, 1)
    kept = by_loss[: len(n) - 5]
    yield "10 lowest losses left out too", kept[10:], (1, 1)
    yield "shuffled", random.permutation(kept), (1, 1)
    yield "N in billions", kept, (1e-9, 1)
    yield "D in billions", kept, (1, 1e-9)
    yield "N and D in thousands and 1e-20", kept, (1e-3, 1e-20)
    for k in range(6):
        yield f"random half {k}", random.permutation(everything)[: len(n) // 2], (1, 1)
    for k in range(6):
        yield f"random 40 rows {k}", random.permutation(kept)[:40], (1, 1)
    for k in range(4):
        yield f"random 12 rows {k}", random.permutation(kept)[:12], (1, 1)
    for low, high in [(0, 50), (50, 100), (0, 25), (75, 100), (25, 75)]:
        for name, values in [("N", n), ("D", d), ("FLOP", flop)]:
            ends = np.percentile(values[kept], [low, high])
            rows = kept[(values[kept] >= ends[0]) & (values[kept] <= ends[1])]
            yield f"{name} from {low} to {high} %", rows, (1, 1)


def fits_of_cuts(path):
    n, d, loss, flop = read(path)
    results = []
    for name, rows, (of_n, of_d) in cuts(n, d, loss, flop):
        value, at = ground(n[rows] * of_n, d[rows] * of_d, loss[rows])
        a, b, e, alpha, beta = at
        results.append({"name": name, "rows": rows.tolist(), "units": [of_n, of_d], "sum": value, "a": a, "b": b, "e": e, "alpha": alpha, "beta": beta})
        print(f"{name}: {value:.8g}  E {np.exp(e):.5g} A {np.exp(a):.5g} B {np.exp(b):.5g} alpha {alpha:.5g} beta {beta:.5g}", file=sys.stderr)
    return results


def lines():
    for count in [3, 4, 12, 60]:
        x = np.exp(random.uniform(0, 12, count))
        y = 3 * x**-0.2 * np.exp(random.normal(0, 0.1, count))
        fit = linregress(np.log(x), np.log(y))
        yield {
            "x": x.tolist(),
            "y": y.tolist(),
            "lnA": fit.intercept,
            "b": fit.slope,
            "r2": fit.rvalue**2,
            "errorOfLnA": fit.intercept_stderr,
            "errorOfB": fit.stderr,
            "t": t.ppf(0.975, count - 2),
        }


def fixtures():
    return {
        "producer": f"tools/reference/scaling.py, SciPy {scipy.__version__}, NumPy {np.__version__}, seed 101",
        "lines": list(lines()),
        "quantiles": [
            {"probability": probability, "degrees": degrees, "value": t.ppf(probability, degrees)}
            for degrees in [1, 2, 3, 4, 10, 31, 238, 5000]
            for probability in [0.6, 0.95, 0.975, 0.9995]
        ],
    }


json.dump(fits_of_cuts(sys.argv[1]) if len(sys.argv) > 1 else fixtures(), sys.stdout)
