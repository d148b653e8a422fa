export {
  type DrawnPart,
  type DrawnText,
  type DrawOptions,
  drawText,
  drawTexts,
  type DrawTextsOptions,
  planTexts,
  type TextPlan,
  type TextSettings,
} from './draw-texts.js';
export { encodePrompt } from './encode-prompt.js';
export type { Ending } from './ending.js';
export { plainScores, type PlainScoresOptions, type UseOptions } from './plain-scores.js';
export { type NextToken, Predictor, type SurpriseOptions } from './predictor.js';
export type { Surprise, SurprisedPart, TextPart, TokenSurprise } from './surprise.js';
