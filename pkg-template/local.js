/**
 * The engine of a page's own thread.
 * @module
 */
import './browser.js';

export { call } from './engine.js';
