import { readFileSync } from 'node:fs';
import { scalingPictures } from '@llm101/report';
import { fitScalingLaw, parseScalingPoints } from '@llm101/sweeps';

/** The page on scaling laws: the loss of each run of the grid against its tokens, and the law that fits them. */
export async function scalingLaws() {
  const csv = new URL('../../../docs/figures/course-scaling-laws.csv', import.meta.url);
  const { points } = parseScalingPoints(readFileSync(csv, 'utf8'));
  const { law } = fitScalingLaw(points);
  const pictures = await scalingPictures({
    title: '',
    notes: [],
    runs: points,
    law,
    numbers: [],
    lines: [],
    slopes: [],
    best: [],
    frontier: [],
    flopPerToken: { a: 6, b: 1 },
  });
  const picture = pictures.find(({ label }) => label === 'Loss and tokens');
  if (picture === undefined) throw new Error('there must be a picture of loss and tokens');
  return picture.svg;
}
