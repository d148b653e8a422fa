export { expectBrowserSafe, moduleGraph, type ModuleGraph } from './browser-safety.js';
export { expectClose, expectNoLeak, numericGradient, type Tolerance } from './expect.js';
export {
  chinchillaPath,
  courseReference,
  lectureReference,
  namesPath,
  nanoGptReference,
  shakespearePath,
  type CourseReference,
  type LectureCase,
  type LectureReference,
  type NanoGptReference,
} from './reference.js';
export { readmeSnippets, runReadme, type Snippet } from './readme.js';
export { WANDB_KEY, WandbServer, type WandbFault } from './wandb-server.js';
