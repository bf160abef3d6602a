import { performance } from 'node:perf_hooks';

export const now = () => performance.now();

export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)];
}

export const ms = (value) => (value >= 1_000 ? `${(value / 1_000).toFixed(1)} s` : `${value.toFixed(value < 10 ? 2 : 0)} ms`);

/** Lines of the report: what was measured, the figure, what ran beside it, and the target of the design. */
export class Report {
  rows = [];
  add(work, figure, peer = '', target = '') {
    this.rows.push([work, figure, peer, target]);
    process.stderr.write(`${work}: ${figure}${peer === '' ? '' : ` | beside it: ${peer}`}\n`);
  }
  print() {
    const head = ['work', 'Arrears', 'beside it, same run', 'target'];
    const widths = head.map((title, c) => Math.max(title.length, ...this.rows.map((row) => row[c].length)));
    const line = (row) => `| ${row.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |`;
    console.log([line(head), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...this.rows.map(line)].join('\n'));
  }
}
