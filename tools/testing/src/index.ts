export { expectBrowserSafe, moduleGraph, type ModuleGraph } from './browser-safety.js';
export { expectClose, type Tolerance } from './expect-close.js';
export { numericGradient } from './numeric-gradient.js';
export { expectNoLeak } from './expect-no-leak.js';
export {
  lectureReference,
  namesPath,
  type LectureCase,
  type LectureReference,
} from './reference.js';
export { readmeSnippets, runReadme, type Snippet } from './readme.js';
export { WANDB_KEY, WandbServer, type WandbFault } from './wandb-server.js';
