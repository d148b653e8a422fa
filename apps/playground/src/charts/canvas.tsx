import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** What a chart draws with: a context in units of CSS pixels, cleared, and the page's colours. */
export interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly color: (name: ColorName) => string;
}

/** The page's colours that charts use, variables of its style sheet. */
export type ColorName =
  | 'text'
  | 'muted'
  | 'line'
  | 'accent'
  | 'series-1'
  | 'series-2'
  | 'series-3'
  | 'series-4'
  | 'series-5'
  | 'series-6'
  | 'negative'
  | 'positive'
  | 'surface'
  | 'raised';

/** Properties of {@link Canvas}. */
export interface CanvasProps {
  /** What a screen reader says that it is; the figures themselves are in a table beside it. */
  readonly label: string;
  /** In CSS pixels; the width is that of its place. */
  readonly height: number;
  /** Draws all of it. Signals that it reads have it drawn again, once a frame at most. */
  readonly draw: (pen: Pen) => void;
  readonly onPointer?: (x: number | undefined, y: number) => void;
}

/** A picture that is drawn again, at most once a frame, when what it shows, its size or the page's colours change. */
export function Canvas({ label, height, draw, onPointer }: CanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  const again = useRef(() => {});
  latest.current = draw;
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d') ?? undefined;
    if (canvas === null || context === undefined) return undefined;
    let frame = 0;
    let stop = (): void => {};
    const ask = (): void => {
      frame ||= requestAnimationFrame(paint);
    };
    const paint = (): void => {
      frame = 0;
      stop();
      let isDrawn = false;
      stop = effect(() => {
        if (isDrawn) return ask(); // a signal that was read has changed
        isDrawn = true;
        drawOn(canvas, context, latest.current);
      });
    };
    again.current = ask;
    const resized = new ResizeObserver(ask);
    resized.observe(canvas);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', ask);
    let density: MediaQueryList | undefined;
    const follow = (): void => {
      density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
      density.addEventListener('change', redense, { once: true });
    };
    const redense = (): void => {
      ask(); // as on another screen
      follow();
    };
    follow();
    return () => {
      stop();
      density?.removeEventListener('change', redense);
      cancelAnimationFrame(frame);
      resized.disconnect();
      scheme.removeEventListener('change', ask);
    };
  }, []);
  useEffect(() => again.current());
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={label}
      style={{ height: `${height}px` }}
      onPointerMove={(event) => onPointer?.(event.offsetX, event.offsetY)}
      onPointerLeave={() => onPointer?.(undefined, 0)}
    />
  );
}

function drawOn(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  draw: CanvasProps['draw'],
): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0 || height === 0) return;
  const scale = globalThis.devicePixelRatio;
  const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const styles = getComputedStyle(canvas);
  const color = (name: ColorName): string => styles.getPropertyValue(`--${name}`).trim();
  draw({ context, width, height, color });
}

/** Draws a straight line. */
export function line(
  context: CanvasRenderingContext2D,
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
): void {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}
