import { z } from 'zod';
import { documents } from './documents.js';
import { DOCUMENT_VERSION } from './terminal/output.js';

/** The page that documents them, `docs/json.md`. */
export function describeDocuments(): string {
  const sections = Object.entries(documents).map(
    ([name, schema]) => `## ${name}\n\n${fieldsOf(schema, '').join('\n')}`,
  );
  return `${INTRODUCTION}\n\n${sections.join('\n\n')}\n`;
}

const INTRODUCTION = `# What \`--json\` prints

Every command of \`llm101\` that has a result prints it with \`--json\` as one JSON object on stdout; explanations are left out, and
progress and errors go to stderr. \`version\` is ${DOCUMENT_VERSION}: it goes up where a field is taken away or means something else; fields may be
added. JSON has neither infinities nor NaN: a number that is one is the string \`"Infinity"\`, \`"-Infinity"\` or \`"NaN"\`. A field that is
marked _optional_ is left out where it doesn't apply. This page is made from the schemas by which the tests check each command.`;

function fieldsOf(schema: z.ZodObject, indent: string): string[] {
  const lines: string[] = [];
  for (const [name, field] of Object.entries(schema.shape) as [string, z.ZodType][]) {
    const { inner, isOptional } = unwrap(field);
    const about = field.description ?? inner.description ?? '';
    const optional = isOptional ? '_optional_ ' : '';
    lines.push(`${indent}- \`${name}\` (${optional}${typeOf(field)}): ${about}`);
    const element = inner instanceof z.ZodArray ? unwrap(inner.element as z.ZodType).inner : inner;
    if (!(element instanceof z.ZodObject)) continue;
    for (const line of fieldsOf(element, `${indent}  `)) lines.push(line);
  }
  return lines;
}

function unwrap(field: z.ZodType): { readonly inner: z.ZodType; readonly isOptional: boolean } {
  if (field instanceof z.ZodOptional) {
    return { inner: unwrap(field.unwrap() as z.ZodType).inner, isOptional: true };
  }
  if (field instanceof z.ZodNullable) return unwrap(field.unwrap() as z.ZodType);
  return { inner: field, isOptional: false };
}

function typeOf(field: z.ZodType): string {
  if (field instanceof z.ZodOptional) return typeOf(field.unwrap() as z.ZodType);
  if (field instanceof z.ZodNullable) return `${typeOf(field.unwrap() as z.ZodType)} or null`;
  if (field instanceof z.ZodArray) return `list of ${typeOf(field.element as z.ZodType)}s`;
  if (field instanceof z.ZodRecord) return `object of ${typeOf(field.valueType as z.ZodType)}s`;
  if (field instanceof z.ZodEnum)
    return field.options.map((name) => JSON.stringify(name)).join(', ');
  if (field instanceof z.ZodLiteral) return String(field.value);
  if (field instanceof z.ZodString) return 'string';
  if (field instanceof z.ZodBoolean) return 'boolean';
  if (field instanceof z.ZodObject) return 'object';
  if (field instanceof z.ZodUnion && field.options.length === 3) return 'string, number, boolean';
  return 'number';
}
