"""What a network made for transcribing speech hears in every clip, for the trainer's `--guide`.

Moonshine's tiny English encoder (MIT licence), its frames' mean and standard deviation over a clip: 576 numbers. It knows
no emotion and has heard none of these corpora's labels.

    pip install numpy==2.4.6 onnxruntime==1.32.0 safetensors==0.8.0 soundfile==0.14.0
    pip download --no-deps moonshine-voice==0.0.67 && unzip moonshine_voice-*.whl
    python trainer/examples/guide.py CORPORA moonshine_voice/assets/tiny-en/encoder_model.ort GUIDE.safetensors
"""

import sys
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile
from safetensors.numpy import save_file

CORPORA = ["CREMA-D", "RAVDESS", "SAVEE", "TESS"]
RATE = 16_000
LOUDNESS = 0.05  # RMS that every clip is brought to
FRAME = 320
SHORTEST, LONGEST = RATE * 3 // 10, RATE * 6  # samples that the encoder gets

state = {}


def start(encoder):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    state["session"] = onnxruntime.InferenceSession(encoder, options)


def embedding(path):
    """Mean and deviation of the encoder's frames, its input without silence at the ends and of one level."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    if rate != RATE:
        raise ValueError(f"expected {RATE} Hz, got {rate} in {path}")
    samples = samples.mean(1)
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    level = 10 * np.log10((frames**2).mean(1) + 1e-12)
    loud = np.flatnonzero(level > level.max() - 40)
    samples = samples[loud[0] * FRAME : (loud[-1] + 1) * FRAME]
    samples = np.pad(samples, (0, max(0, SHORTEST - len(samples))))[:LONGEST]
    samples = samples * (LOUDNESS / (np.sqrt((samples**2).mean()) + 1e-9))
    mask = np.ones((1, len(samples)), np.int64)
    hidden = state["session"].run(None, {"input_values": samples[None], "attention_mask": mask})[0][0]
    return np.concatenate([hidden.mean(0), hidden.std(0)]).astype(np.float32)


def main():
    corpora, encoder, out = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    paths = sorted(p for c in CORPORA for p in (corpora / c).rglob("*") if p.suffix in {".ogg", ".wav", ".flac"})
    rows = {}
    with Pool(2, start, [encoder]) as pool:
        for path, row in zip(paths, pool.imap(embedding, paths, chunksize=16)):
            rows[path.relative_to(corpora).with_suffix("").as_posix()] = row
            if len(rows) % 1000 == 0:
                print(f"{len(rows)} of {len(paths)}", flush=True)
    save_file(rows, out)
    print(f"{len(rows)} clips: {out}")


if __name__ == "__main__":
    main()
