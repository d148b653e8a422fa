export { loadText, type NodeLoadTextOptions } from './load-text.js';
