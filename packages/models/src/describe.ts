import { countParameters } from './count-parameters.js';
import { Module } from './module.js';

/**
 * The modules of a model as PyTorch's `print(model)` shows them, and below them the number of parameters.
 *
 * @returns several lines, without a line break at the end
 */
export function describe(model: Module): string {
  return `${outline(model)}\nNumber of parameters: ${countParameters(model)}`;
}

function outline(module: Module | readonly Module[]): string {
  const name = module instanceof Module ? module.constructor.name : 'ModuleList';
  const children = module instanceof Module ? module.children() : Object.entries(module);
  if (children.length === 0) return `${name}(${module instanceof Module ? module.summary() : ''})`;
  const lines = children.map(([field, child]) => `(${field}): ${outline(child)}`);
  return `${name}(\n${indent(lines.join('\n'))}\n)`;
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');
