import { Recognizer } from 'speech-emotion';
import { classify, report } from './consumer.js';

report(() => classify(Recognizer));
