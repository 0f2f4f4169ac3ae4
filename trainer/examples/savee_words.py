"""How much of SAVEE's emotions its words give away.

SAVEE's speakers all say the same sentences, and all but three of those belong to one emotion alone. An encoder made for
recognising words, its frames averaged, under a logistic regression that learns from three of the four speakers, shows
what that does: right nearly always where the sentence tells the emotion, seldom where it doesn't.

    pip install onnxruntime==1.32.0 scikit-learn==1.9.1 soundfile==0.14.0
    pip download --no-deps moonshine-voice==0.0.67 && unzip moonshine_voice-*.whl
    python trainer/examples/savee_words.py CORPORA moonshine_voice/assets/tiny-en/encoder_model.ort
"""

import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score
from sklearn.preprocessing import StandardScaler

SPEAKERS = ["DC", "JE", "JK", "KL"]
LOUDNESS = 0.05  # RMS that every clip is brought to


def embedding(session, path):
    """Mean and deviation of the encoder's frames, its input without silence at the ends and of one level."""
    samples, _ = soundfile.read(path, dtype="float32")
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    level = 10 * np.log10((frames**2).mean(1) + 1e-12)
    loud = np.flatnonzero(level > level.max() - 40)
    samples = samples[loud[0] * 320 : (loud[-1] + 1) * 320]
    samples = samples * (LOUDNESS / (np.sqrt((samples**2).mean()) + 1e-9))
    mask = np.ones((1, len(samples)), np.int64)
    hidden = session.run(None, {"input_values": samples[None], "attention_mask": mask})[0][0]
    return np.concatenate([hidden.mean(0), hidden.std(0)])


def main():
    corpora, encoder = Path(sys.argv[1]), sys.argv[2]
    session = onnxruntime.InferenceSession(encoder)
    paths = sorted(p for s in SPEAKERS for p in (corpora / "SAVEE" / s).iterdir() if p.suffix in {".ogg", ".wav"})
    names = [re.fullmatch(r"(\D+)(\d+)", path.stem).groups() for path in paths]
    emotion = np.array([code for code, _ in names])
    number = np.array([int(n) for _, n in names])
    speaker = np.array([path.parent.name for path in paths])
    x = np.stack([embedding(session, path) for path in paths])
    answers = np.empty(len(paths), dtype=emotion.dtype)
    for held in SPEAKERS:
        test = speaker == held
        scaler = StandardScaler().fit(x[~test])
        model = LogisticRegression(C=0.003, max_iter=500).fit(scaler.transform(x[~test]), emotion[~test])
        answers[test] = model.predict(scaler.transform(x[test]))
        print(f"{held}: UA {100 * recall_score(emotion[test], answers[test], average='macro'):.1f}")
    right = answers == emotion
    print(f"all: UA {100 * recall_score(emotion, answers, average='macro'):.1f} of {len(paths)}")
    # The first three sentences are everyone's; of the rest each belongs to one emotion, but neutral has others' as well.
    for name, which in [("common", number <= 3), ("other", number > 3)]:
        print(f"{name} sentences: {100 * right[which].mean():.1f} % of {which.sum()} right")


if __name__ == "__main__":
    main()
