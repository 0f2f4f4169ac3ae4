"""A training step of the network that ships, and an answer to one window, in PyTorch on one thread: prints JSON."""

import json
import time

import torch
from torch import nn

BATCH, CHANNELS, FRAMES, CLASSES = 64, 101, 188, 8
WARM_UP, STEPS, ANSWERS = 3, 30, 501


class Block(nn.Module):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, channels_in, channels_out, kernel, stride=1, dilation=1):
        super().__init__()
        padding = kernel // 2 * dilation
        self.conv = nn.Conv1d(
            channels_in, channels_out, kernel, stride, padding, dilation, bias=False
        )
        self.norm = nn.BatchNorm1d(channels_out)

    def forward(self, maps):
        return torch.relu(self.norm(self.conv(maps)))


class Network(nn.Module):
    """The layout of `NetworkConfig::compact`."""

    def __init__(self, width=128, hidden=96, units=32):
        super().__init__()
        self.stages = nn.ModuleList(
            [
                nn.ModuleList([Block(CHANNELS, width, 5, stride=2)]),
                nn.ModuleList([Block(width, width, 3), Block(width, width, 3, dilation=2)]),
                nn.ModuleList([Block(width, width, 3), Block(width, width, 3, dilation=2)]),
            ]
        )
        self.units = nn.Conv1d(width, units, 1)
        self.scores = nn.Conv1d(units, width, 1)
        self.dropout = nn.Dropout(0.3)
        self.hidden = nn.Linear(2 * width, hidden)
        self.output = nn.Linear(hidden, CLASSES)

    def forward(self, maps):
        for first, *residual in self.stages:
            maps = first(maps)
            for block in residual:
                maps = maps + block(maps)
            maps = nn.functional.max_pool1d(maps, 2)
        weights = torch.softmax(self.scores(torch.tanh(self.units(maps))), 2)
        mean = (weights * maps).sum(2)
        square = (weights * maps * maps).sum(2)
        deviation = (square - mean * mean).clamp_min(1e-4).sqrt()
        pooled = self.dropout(torch.cat([mean, deviation], 1))
        hidden = torch.relu(self.hidden(pooled))
        return self.output(self.dropout(hidden))


def inference(network):
    """Milliseconds for one window: the median."""
    network.eval()
    window = torch.randn(1, CHANNELS, FRAMES)
    times = []
    with torch.inference_mode():
        for _ in range(ANSWERS):
            start = time.perf_counter()
            network(window)
            times.append(1e3 * (time.perf_counter() - start))
    return sorted(times)[ANSWERS // 2]


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.02)
    windows = torch.randn(BATCH, CHANNELS, FRAMES)
    targets = torch.softmax(torch.randn(BATCH, CLASSES), 1)
    for step in range(WARM_UP + STEPS):
        if step == WARM_UP:
            start = time.perf_counter()
        loss = -(targets * torch.log_softmax(network(windows), 1)).sum(1).mean()
        assert torch.isfinite(loss), loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    rate = STEPS * BATCH / (time.perf_counter() - start)
    parameters = sum(values.numel() for values in network.parameters())
    result = {"windows_per_second": rate, "inference_ms": inference(network)}
    print(json.dumps({**result, "parameters": parameters, "version": torch.__version__}))


main()
