"""Measures and estimates of information, computed by SciPy, for the tests of @llm101/info-theory.

    pip install scipy
    python tools/reference/information.py > packages/info-theory/test/fixtures/information.json

Distributions and counts are drawn by numpy.random.RandomState(101). All results are in nats.
"""

import json

import numpy as np
import scipy
from scipy.spatial.distance import jensenshannon
from scipy.special import digamma, logsumexp
from scipy.stats import binom, entropy, multinomial, multivariate_normal, norm

SEED = 101
random = np.random.RandomState(SEED)


def renyi(p, order):
    p = p[p > 0]
    if order == 0:
        return np.log(len(p))
    if order == 1:
        return entropy(p)
    if order == np.inf:
        return -np.log(p.max())
    return logsumexp(order * np.log(p)) / (1 - order)


def information(table):
    return entropy(table.sum(0)) + entropy(table.sum(1)) - entropy(table.ravel())


def pair(n, concentration):
    p, q = random.dirichlet([concentration] * n, 2)
    return {
        "p": p.tolist(),
        "q": q.tolist(),
        "entropy": entropy(p),
        "crossEntropy": entropy(p) + entropy(p, q),
        "klDivergence": entropy(p, q),
        "jensenShannonDistance": jensenshannon(p, q),
        "totalVariation": np.abs(p - q).sum() / 2,
        "redundancy": 1 - entropy(p, base=n),
        "renyi": [[order, renyi(p, order)] for order in (0, 0.25, 0.75, 1, 1.25, 2, 7.5, 300)],
    }


def joint(z, x, y):
    tables = random.dirichlet([0.5] * (z * x * y)).reshape(z, x, y)
    conditional = sum(t.sum() * information(t / t.sum()) for t in tables)
    table = tables.sum(0)
    return {
        "tables": tables.tolist(),
        "jointEntropy": entropy(table.ravel()),
        "conditionalEntropy": entropy(table.ravel()) - entropy(table.sum(1)),
        "mutualInformation": information(table),
        "conditionalMutualInformation": conditional,
    }


def gaussian(n):
    factor = random.normal(size=(n, n))
    covariance = factor @ factor.T
    covariance = (covariance + covariance.T) / 2
    return {
        "covariance": covariance.tolist(),
        "entropy": float(multivariate_normal(cov=covariance).entropy()),
        "ofFirst": float(norm(scale=np.sqrt(covariance[0, 0])).entropy()),
    }


def estimates(n, draws, concentration):
    counts = random.multinomial(draws, random.dirichlet([concentration] * n))
    total = counts.sum()
    seen = counts[counts > 0]
    p = counts / total
    shrinkage = min(1, (1 - (p**2).sum()) / ((total - 1) * ((1 / n - p) ** 2).sum()))
    g = digamma(seen) + (-1.0) ** seen / 2 * (digamma((seen + 1) / 2) - digamma(seen / 2))
    return {
        "counts": counts.tolist(),
        "plugIn": entropy(counts),
        "millerMadow": entropy(counts) + (len(seen) - 1) / (2 * total),
        "laplace": entropy(counts + 1),
        "jeffreys": entropy(counts + 0.5),
        "jamesStein": entropy(shrinkage / n + (1 - shrinkage) * p),
        "grassberger": np.log(total) - (seen * g).sum() / total,
    }


def binary_typical(p, length, epsilon):
    k = np.arange(length + 1)
    surprisal = -(k * np.log(p) + (length - k) * np.log(1 - p)) / length
    typical = np.abs(surprisal - entropy([p, 1 - p])) <= epsilon
    logs = binom(length, p).logpmf(k[typical]) + length * surprisal[typical]
    return {
        "p": [p, 1 - p],
        "length": length,
        "epsilon": epsilon,
        "probability": binom(length, p).pmf(k[typical]).sum(),
        "logSize": logsumexp(logs),
    }


def ternary_typical(p, length, epsilon):
    kinds = [(i, j, length - i - j) for i in range(length + 1) for j in range(length + 1 - i)]
    surprisal = -np.array(kinds) @ np.log(p) / length
    typical = np.abs(surprisal - entropy(p)) <= epsilon
    logs = multinomial(length, p).logpmf(np.array(kinds)[typical])
    return {
        "p": p,
        "length": length,
        "epsilon": epsilon,
        "probability": np.exp(logs).sum(),
        "logSize": logsumexp(logs + length * surprisal[typical]),
    }


print(
    json.dumps(
        {
            "producer": f"tools/reference/information.py, scipy {scipy.__version__}, numpy {np.__version__}, seed {SEED}",
            "pairs": [pair(n, a) for n, a in ((2, 1), (3, 0.5), (27, 1), (27, 0.1), (256, 1))],
            "joints": [joint(*size) for size in ((2, 2, 2), (3, 4, 2), (2, 5, 6))],
            "gaussians": [gaussian(n) for n in (1, 2, 5)],
            "estimates": [
                estimates(*case)
                for case in ((2, 10, 1), (27, 20, 0.5), (27, 5000, 1), (1000, 100, 0.3))
            ],
            "typical": [
                binary_typical(0.1, 20, 0.2),
                binary_typical(0.3, 500, 0.05),
                ternary_typical([0.5, 0.3, 0.2], 40, 0.1),
            ],
        },
        indent=1,
    )
)
