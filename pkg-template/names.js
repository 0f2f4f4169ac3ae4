/** The eight emotions, in the order of every list of probabilities. */
export const EMOTIONS = Object.freeze(
  /** @type {const} */ (['neutral', 'calm', 'happy', 'sad', 'angry', 'fear', 'disgust', 'surprise']),
);

/** The features that extractFeatures computes, by librosa's names. */
export const FEATURES = Object.freeze(
  /** @type {const} */ ([
    'melspectrogram',
    'log_mel',
    'mfcc',
    'chroma_stft',
    'rms',
    'zero_crossing_rate',
    'spectral_centroid',
    'spectral_bandwidth',
    'spectral_contrast',
    'spectral_rolloff',
    'spectral_flatness',
    'poly_features',
    'tonnetz',
  ]),
);
