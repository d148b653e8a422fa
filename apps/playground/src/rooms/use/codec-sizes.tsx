import * as format from '../../format.js';
import { t } from '../../strings/index.js';
import type { CompressOutput } from '../../use-requests.js';

/** Properties of {@link CodecSizes}. */
interface CodecSizesProps {
  readonly plainBytes: number;
  readonly gzipBytes: number | undefined;
  /** Of the model's file, where one was used. */
  readonly modelBytes: number | undefined;
  readonly compressed: CompressOutput;
}

/** What a text takes in some forms, in bytes and in bits a character, the same rows as the command's. */
export function CodecSizes({ plainBytes, gzipBytes, modelBytes, compressed }: CodecSizesProps) {
  const words = t.use.compress;
  const { bytes, characters, codeBytes, crossEntropyBytes, entropies, escapes } = compressed;
  const rows: (readonly [form: string, bytes: number | undefined])[] = [
    [words.forms.plain, plainBytes],
    [words.forms.gzip, gzipBytes],
    [words.forms.compressed, bytes.length],
    [words.forms.withModel, modelBytes && bytes.length + modelBytes],
    [words.forms.code, codeBytes],
    [words.forms.crossEntropy, crossEntropyBytes],
    ...entropies.map((value, known) => [words.forms.order(known), value] as const),
  ];
  const most = Math.max(plainBytes, gzipBytes ?? 0, bytes.length);
  return (
    <>
      <table class="sizes">
        <caption class="unseen">{words.table}</caption>
        <thead>
          <tr>
            <th scope="col">{words.form}</th>
            <td />
            <th scope="col">{words.bytes}</th>
            <th scope="col">{words.perCharacter}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(
            ([form, size]) =>
              size !== undefined && (
                <tr key={form}>
                  <th scope="row">{form}</th>
                  <td aria-hidden="true">
                    <div class="bar" style={{ width: `${Math.min(100, (100 * size) / most)}%` }} />
                  </td>
                  <td>{format.whole(Math.round(size))}</td>
                  <td>{characters === 0 ? '' : ((8 * size) / characters).toFixed(3)}</td>
                </tr>
              ),
          )}
        </tbody>
      </table>
      {bytes.length > plainBytes && codeBytes < plainBytes && (
        <p class="hint">{words.short(format.whole(bytes.length - codeBytes))}</p>
      )}
      {escapes > 0 && <p class="hint">{words.escapes(format.whole(escapes))}</p>}
      <p class="quiet">{words.took((compressed.durationMs / 1000).toFixed(1))}</p>
    </>
  );
}
