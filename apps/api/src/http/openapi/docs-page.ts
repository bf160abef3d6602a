import type { JsonSchema } from './json-schema';

/** The API description as one page of plain HTML: no script, nothing loaded from elsewhere, readable offline and by a screen reader. */
export function docsPage(document: JsonSchema): string {
  const info = recordOf(document['info']);
  const paths = Object.entries(recordOf(document['paths'])).flatMap(([path, methods]) =>
    Object.entries(recordOf(methods)).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation: recordOf(operation),
    })),
  );
  const tags = [...new Set(paths.map(({ operation }) => tagOf(operation)))];
  const schemas = recordOf(recordOf(document['components'])['schemas']);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Arrears API</title><style>${STYLE}</style></head>
<body>
<a class="skip" href="#routes">Skip to the routes</a>
<header><h1>Arrears API</h1><p>Version ${escaped(textOf(info['version']))} · <a href="/openapi.json">openapi.json</a></p>${paragraphs(textOf(info['description']))}</header>
<nav aria-label="Areas"><ul>${tags.map((tag) => `<li><a href="#${escaped(tag)}">${escaped(tag)}</a></li>`).join('')}<li><a href="#schemas">schemas</a></li></ul></nav>
<main id="routes">
${tags
  .map(
    (tag) =>
      `<section id="${escaped(tag)}"><h2>${escaped(tag)}</h2>${paths
        .filter(({ operation }) => tagOf(operation) === tag)
        .map(route)
        .join('')}</section>`,
  )
  .join('\n')}
<section id="schemas"><h2>schemas</h2>${Object.entries(schemas)
    .map(([name, schema]) => `<h3 id="schema-${escaped(name)}">${escaped(name)}</h3>${code(schema)}`)
    .join('')}</section>
</main>
</body>
</html>`;
}

function route({ path, method, operation }: { path: string; method: string; operation: JsonSchema }): string {
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'].map(recordOf) : [];
  const rows = parameters.map(
    (parameter) =>
      `<tr><th scope="row"><code>${escaped(textOf(parameter['name']))}</code></th><td>${escaped(textOf(parameter['in']))}${Object.is(parameter['required'], true) ? ', required' : ''}</td>` +
      `<td>${escaped(typeName(recordOf(parameter['schema'])))}</td><td>${inline(textOf(parameter['description']))}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? ''
      : `<table><thead><tr><th>parameter</th><th>in</th><th>type</th><th>meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  const bodies = Object.entries(recordOf(recordOf(operation['requestBody'])['content'])).map(
    ([type, content]) => `<details><summary>Body, <code>${escaped(type)}</code></summary>${code(recordOf(content)['schema'])}</details>`,
  );
  const answers = Object.entries(recordOf(operation['responses'])).map(([status, response]) => answer(status, recordOf(response)));
  return `<article><h3 id="${escaped(textOf(operation['operationId']))}"><span class="method">${method}</span> <code>${escaped(path)}</code></h3>
<p>${inline(textOf(operation['summary']))}</p>${paragraphs(textOf(operation['description']))}${table}${bodies.join('')}${answers.join('')}</article>`;
}

function answer(status: string, response: JsonSchema): string {
  const content = Object.entries(recordOf(response['content']));
  const heading = `<strong>${escaped(status)}</strong> ${escaped(textOf(response['description']))}`;
  const isProblem = content.some(([type]) => type === 'application/problem+json');
  if (content.length === 0 || isProblem)
    return `<p class="answer">${heading}${isProblem ? ' (<a href="#schema-Problem">Problem</a>)' : ''}</p>`;
  return content
    .map(
      ([type, { schema }]: [string, JsonSchema]) =>
        `<details><summary>${heading}, <code>${escaped(type)}</code></summary>${code(schema)}</details>`,
    )
    .join('');
}

function typeName(schema: JsonSchema): string {
  const values: unknown = schema['enum'];
  if (Array.isArray(values)) return values.map(String).join(' | ');
  return [textOf(schema['type']), textOf(schema['format'])].filter((part) => part !== '').join(', ');
}

function code(value: unknown): string {
  return `<pre tabindex="0"><code>${escaped(JSON.stringify(value, null, 2))}</code></pre>`;
}

function paragraphs(text: string): string {
  return text
    .split(/\n\n+/)
    .filter((part) => part !== '')
    .map((part) => `<p>${inline(part)}</p>`)
    .join('');
}

/** Escaped text in which `code` is marked up. */
function inline(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function tagOf(operation: JsonSchema): string {
  return Array.isArray(operation['tags']) ? String(operation['tags'][0]) : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function recordOf(value: unknown): Record<string, JsonSchema> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
article{border-top:1px solid #8886;padding:.5rem 0}.method{font-weight:700}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.2rem .75rem .2rem 0;vertical-align:top;border-bottom:1px solid #8883}pre{overflow:auto;background:#8881;padding:.75rem;font-size:.85rem}
.answer{margin:.25rem 0}details{margin:.25rem 0}summary{cursor:pointer}`;
