import { z } from 'zod';
import { DOCUMENT_VERSION } from './terminal/output.js';

// The fields that documents are made of; each says what it is.

/** A document of a command, whose fields are all described. */
export const doc = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({
    version: z.literal(DOCUMENT_VERSION).describe('of these documents'),
    ...shape,
  });

/** A number; a string where JSON has none. */
export const number = (about: string) =>
  z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN'])]).describe(about);
/** A whole number of at least 0. */
export const whole = (about: string) => z.int().min(0).describe(about);
/** A string. */
export const text = (about: string) => z.string().describe(about);
/** Strings. */
export const texts = (about: string) => z.array(z.string()).describe(about);
/** Numbers; strings where JSON has none. */
export const numbers = (about: string) => z.array(number('')).describe(about);
/** One of some names. */
export const oneOf = <const Name extends string>(names: readonly Name[], about: string) =>
  z.enum(names).describe(about);
/** An object whose fields are all described. */
export const object = <Shape extends z.ZodRawShape>(shape: Shape, about: string) =>
  z.strictObject(shape).describe(about);
/** A list of such objects. */
export const list = <Shape extends z.ZodRawShape>(shape: Shape, about: string) =>
  z.array(z.strictObject(shape)).describe(about);
