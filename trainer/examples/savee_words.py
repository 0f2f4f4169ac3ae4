"""How much of SAVEE's emotions its words give away.

SAVEE's speakers all say the same sentences, and all but three of those belong to one emotion, or to it and to neutral. An
encoder made for recognising words, its frames averaged, under a logistic regression that learns from three of the four
speakers, shows what that does: right nearly always where the sentence tells the emotion, seldom where it doesn't.

    pip install numpy==2.4.6 safetensors==0.8.0 scikit-learn==1.9.1
    python trainer/examples/savee_words.py GUIDE.safetensors

GUIDE.safetensors is what guide.py beside this file makes.
"""

import re
import sys

import numpy as np
from safetensors.numpy import load_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score
from sklearn.preprocessing import StandardScaler

SPEAKERS = ["DC", "JE", "JK", "KL"]
# SAVEE's codes for what the other corpora call their emotions.
RAVDESS = {"01": "n", "03": "h", "04": "sa", "05": "a", "06": "f", "07": "d", "08": "su"}
CREMA_D = {"NEU": "n", "HAP": "h", "SAD": "sa", "ANG": "a", "FEA": "f", "DIS": "d"}
TESS = {"neutral": "n", "happy": "h", "sad": "sa", "angry": "a", "fear": "f", "disgust": "d", "ps": "su"}


def elsewhere(name):
    """The emotion of another corpus's clip, as SAVEE would write it; None where SAVEE lacks it."""
    corpus, stem = name.split("/")[0], name.split("/")[-1]
    if corpus == "RAVDESS":
        return RAVDESS.get(stem.split("-")[2])
    if corpus == "CREMA-D":
        return CREMA_D[stem.split("_")[2]]
    return TESS[stem.split("_")[2].lower()] if corpus == "TESS" else None


def fitted(x, emotion):
    """Logistic regression, and how its input is scaled."""
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=0.003, max_iter=500).fit(scaler.transform(x), emotion)
    return lambda x: model.predict(scaler.transform(x))


def main():
    rows = load_file(sys.argv[1])
    clips = [re.fullmatch(r"SAVEE/(\w+)/(\D+)(\d+)", name) for name in sorted(rows) if name.startswith("SAVEE/")]
    speaker = np.array([clip[1] for clip in clips])
    emotion = np.array([clip[2] for clip in clips])
    number = np.array([int(clip[3]) for clip in clips])
    x = np.stack([rows[clip[0]] for clip in clips])
    answers = np.empty(len(clips), dtype=emotion.dtype)
    for held in SPEAKERS:
        test = speaker == held
        answers[test] = fitted(x[~test], emotion[~test])(x[test])
        print(f"{held}: UA {100 * recall_score(emotion[test], answers[test], average='macro'):.1f}")
    right = answers == emotion
    print(f"all: UA {100 * recall_score(emotion, answers, average='macro'):.1f} of {len(clips)}")
    # The first three sentences are everyone's; of the rest each belongs to one emotion, but neutral has others' as well.
    for name, which in [("common", number <= 3), ("other", number > 3)]:
        print(f"{name} sentences: {100 * right[which].mean():.1f} % of {which.sum()} right")
    others = [(row, elsewhere(name)) for name, row in rows.items() if elsewhere(name)]
    told = fitted(np.stack([row for row, _ in others]), np.array([code for _, code in others]))(x)
    print(f"learning from the other corpora: UA {100 * recall_score(emotion, told, average='macro'):.1f}")


if __name__ == "__main__":
    main()
