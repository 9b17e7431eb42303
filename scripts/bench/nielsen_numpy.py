"""Nielsen's mini-batch stochastic gradient descent in NumPy, to be timed against the TypeScript network.

The algorithm is that of chapters 1 and 2 of "Neural Networks and Deep Learning" and is organised as his
``network.py`` organises it, since that is what its readers would otherwise run: one example at a time,
every activation a column vector of shape (n, 1), float64 weights, float32 pixels, and gradients summed in
lists over the mini-batch.

It is a server over pipes, so that the benchmark can take turns with it: each line ``epoch`` on standard
input trains one epoch and answers with a line of JSON. Loading and shuffling the data is not timed for
either side.
"""

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path

import numpy as np


def read_idx(path, header):
    """The bytes of an idx file behind its header."""
    return np.frombuffer(Path(path).read_bytes(), np.uint8, offset=header)


def load_training(folder, count):
    """The first `count` training examples as a list of (784, 1) float32 pixels and (10, 1) targets."""
    pixels = read_idx(Path(folder) / "train-images-idx3-ubyte", 16).reshape(-1, 784, 1)[:count]
    digits = read_idx(Path(folder) / "train-labels-idx1-ubyte", 8)[:count]
    scaled = pixels.astype(np.float32) / np.float32(255)
    targets = np.eye(10)[:, :, np.newaxis]
    return [(x, targets[d]) for x, d in zip(scaled, digits)]


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


class ColumnNetwork:
    """A fully connected sigmoid network with quadratic cost, one column vector at a time."""

    def __init__(self, sizes, seed):
        generator = np.random.default_rng(seed)
        self.depth = len(sizes)
        self.biases = [generator.standard_normal((n, 1)) for n in sizes[1:]]
        self.weights = [generator.standard_normal((n, m)) for m, n in zip(sizes[:-1], sizes[1:])]

    def backpropagate(self, x, y):
        """Gradients of ½‖a − y‖² for one example, layer by layer, in the shapes of biases and weights."""
        bias_gradients = [np.zeros(b.shape) for b in self.biases]
        weight_gradients = [np.zeros(w.shape) for w in self.weights]
        activations, weighted_inputs = [x], []
        for b, w in zip(self.biases, self.weights):
            z = np.dot(w, activations[-1]) + b
            weighted_inputs.append(z)
            activations.append(sigmoid(z))
        error = (activations[-1] - y) * sigmoid_slope(weighted_inputs[-1])
        bias_gradients[-1] = error
        weight_gradients[-1] = np.dot(error, activations[-2].transpose())
        for layer in range(2, self.depth):
            error = np.dot(self.weights[-layer + 1].transpose(), error) * sigmoid_slope(weighted_inputs[-layer])
            bias_gradients[-layer] = error
            weight_gradients[-layer] = np.dot(error, activations[-layer - 1].transpose())
        return bias_gradients, weight_gradients

    def step(self, batch, learning_rate):
        """One step of gradient descent on a mini-batch."""
        bias_sums = [np.zeros(b.shape) for b in self.biases]
        weight_sums = [np.zeros(w.shape) for w in self.weights]
        for x, y in batch:
            bias_gradients, weight_gradients = self.backpropagate(x, y)
            bias_sums = [total + g for total, g in zip(bias_sums, bias_gradients)]
            weight_sums = [total + g for total, g in zip(weight_sums, weight_gradients)]
        scale = learning_rate / len(batch)
        self.biases = [b - scale * g for b, g in zip(self.biases, bias_sums)]
        self.weights = [w - scale * g for w, g in zip(self.weights, weight_sums)]

    def accuracy(self, examples):
        """The fraction of examples whose largest output is the right digit."""
        right = 0
        for x, y in examples:
            a = x
            for b, w in zip(self.biases, self.weights):
                a = sigmoid(np.dot(w, a) + b)
            right += int(np.argmax(a) == np.argmax(y))
        return right / len(examples)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the idx files")
    parser.add_argument("--sizes", required=True, help="layer sizes, for example 784,30,10")
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--learning-rate", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    examples = load_training(options.data, options.count)
    sample = examples[:1000]
    shuffler = random.Random(options.seed)
    network = ColumnNetwork([int(size) for size in options.sizes.split(",")], options.seed)
    threads = {name: os.environ.get(name) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    about = {
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "blas": f"{blas['name']} {blas['version']}",
        "threads": threads,
    }
    print(json.dumps(about), flush=True)

    for line in sys.stdin:
        if line.strip() != "epoch":
            break
        shuffler.shuffle(examples)
        start = time.perf_counter()
        for first in range(0, len(examples), options.batch):
            network.step(examples[first : first + options.batch], options.learning_rate)
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "accuracy": network.accuracy(sample)}), flush=True)


if __name__ == "__main__":
    main()
