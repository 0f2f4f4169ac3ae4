#!/usr/bin/env python3
"""Times librosa 0.11.0 on one thread, on the clips of the other benchmarks: prints medians of its processor time as JSON.

    python3 -m venv .cache/librosa && .cache/librosa/bin/pip install librosa==0.11.0
    .cache/librosa/bin/python bench/librosa_times.py
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import json
import pathlib
import time

import librosa
import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "fixtures" / "speech"
RATE = 22050
FEATURE = librosa.feature
MFCC = None


def five(y):
    """The five that Meyda and essentia.js are timed on; the mel spectrogram is shared, as a user would."""
    mel = FEATURE.melspectrogram(y=y, sr=RATE)
    FEATURE.mfcc(S=librosa.power_to_db(mel), n_mfcc=20)
    FEATURE.chroma_stft(y=y, sr=RATE)
    FEATURE.rms(y=y)
    FEATURE.zero_crossing_rate(y)


SINGLE = {
    "stft": librosa.stft,
    "melspectrogram": lambda y: FEATURE.melspectrogram(y=y, sr=RATE),
    "log_mel": lambda y: librosa.power_to_db(FEATURE.melspectrogram(y=y, sr=RATE)),
    "mfcc": lambda y: FEATURE.mfcc(y=y, sr=RATE),
    "chroma_stft": lambda y: FEATURE.chroma_stft(y=y, sr=RATE),
    "rms": lambda y: FEATURE.rms(y=y),
    "zero_crossing_rate": FEATURE.zero_crossing_rate,
    "spectral_centroid": lambda y: FEATURE.spectral_centroid(y=y, sr=RATE),
    "spectral_bandwidth": lambda y: FEATURE.spectral_bandwidth(y=y, sr=RATE),
    "spectral_contrast": lambda y: FEATURE.spectral_contrast(y=y, sr=RATE),
    "spectral_rolloff": lambda y: FEATURE.spectral_rolloff(y=y, sr=RATE),
    "spectral_flatness": lambda y: FEATURE.spectral_flatness(y=y),
    "poly_features": lambda y: FEATURE.poly_features(y=y, sr=RATE),
    "tonnetz": lambda y: FEATURE.tonnetz(chroma=FEATURE.chroma_stft(y=y, sr=RATE), sr=RATE),
    "yin": lambda y: librosa.yin(y, fmin=librosa.note_to_hz("C2"), fmax=librosa.note_to_hz("C7"), sr=RATE),
    "trim": librosa.effects.trim,
    "split": librosa.effects.split,
    "preemphasis": librosa.effects.preemphasis,
    "delta": lambda y: FEATURE.delta(MFCC),
}


def read(name):
    """16-bit PCM behind a plain header, as espeak-ng writes it."""
    return np.frombuffer((FOLDER / name).read_bytes()[44:], dtype="<i2").astype(np.float32) / 32768


def median(function, y, runs):
    function(y)
    times = []
    for _ in range(runs):
        start = time.thread_time()
        function(y)
        times.append(1000 * (time.thread_time() - start))
    times.sort()
    return {"runs": runs, "milliseconds": times[runs // 2], "lowest": times[0], "highest": times[-1]}


def main():
    assert librosa.__version__ == "0.11.0", librosa.__version__
    global MFCC
    speech = np.concatenate([read("door.wav"), read("eleven.wav")])
    rows = []
    for seconds, runs in ((3, 51), (60, 15)):
        y = np.resize(speech, seconds * RATE)
        rows.append({"what": "the five", "seconds": seconds, **median(five, y, runs)})
    y = np.resize(speech, 3 * RATE)
    MFCC = FEATURE.mfcc(y=y, sr=RATE)
    rows += [{"what": name, "seconds": 3, **median(function, y, 31)} for name, function in SINGLE.items()]
    print(json.dumps({"librosa": librosa.__version__, "numpy": np.__version__, "rows": rows}))


if __name__ == "__main__":
    main()
