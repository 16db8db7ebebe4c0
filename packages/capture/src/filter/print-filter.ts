import { inQuotes } from './filter-scanner.ts';
import type { FilterNode, FilterTerm, FilterTree, FilterValue, PathStep, PathTerm } from './filter-tree.ts';

/** Words that need no quotes for certain. */
const PLAIN_WORD = /^(?!(?:and|or|not|AND|OR|NOT)$)[A-Za-z0-9_][A-Za-z0-9_/-]*$/;
const PLAIN_KEY = /^[A-Za-z0-9_$-]+$/;

/** Writes a filter so that `parseFilter` reads the same tree again. */
export function printFilter(tree: FilterTree): string {
  return tree.kind === 'all' ? '' : printNode(tree);
}

function printNode(node: FilterNode): string {
  switch (node.kind) {
    case 'or':
      return node.terms.map((term) => (term.kind === 'or' ? grouped(term) : printNode(term))).join(' or ');
    case 'and':
      return node.terms.map((term) => (isJoined(term) ? grouped(term) : printNode(term))).join(' ');
    case 'not':
      return `not ${isJoined(node.term) ? grouped(node.term) : printNode(node.term)}`;
    case 'word':
    case 'regex':
    case 'key':
    case 'path':
      return printTerm(node);
  }
}

function isJoined(node: FilterNode): boolean {
  return node.kind === 'and' || node.kind === 'or';
}

function grouped(node: FilterNode): string {
  return `(${printNode(node)})`;
}

function printTerm(term: FilterTerm): string {
  const side = term.side === undefined ? '' : `${term.side}.`;
  switch (term.kind) {
    case 'word':
      return `${side}${PLAIN_WORD.test(term.text) ? term.text : inQuotes(term.text)}`;
    case 'regex':
      return `${side}/${term.source}/${term.ignoreCase ? 'i' : ''}`;
    case 'key':
      return `${side}${term.key}:${term.values.map(printValue).join(',')}`;
    case 'path':
      return `${side}${term.head}${term.steps.map(printStep).join('')}${term.op}${printCompared(term.value)}`;
  }
}

function printStep(step: PathStep): string {
  if (step.kind === 'any') return '[]';
  return `.${PLAIN_KEY.test(step.key) ? step.key : inQuotes(step.key)}`;
}

function printCompared(value: PathTerm['value']): string {
  return value.kind === 'regex' ? `/${value.source}/${value.ignoreCase ? 'i' : ''}` : printValue(value);
}

function printValue({ text, isQuoted }: FilterValue): string {
  return isQuoted ? inQuotes(text) : text;
}
