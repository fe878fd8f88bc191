import { html, type Markup } from "./html.ts";

/** A column: its heading, and whether it holds figures, or long text without places to break. */
export interface Column {
  readonly heading: string;
  readonly isFigure?: boolean;
  readonly isSource?: boolean;
}

/** A column of amounts. */
export const USD: Column = { heading: "$/month", isFigure: true };

type Cell = string | Markup;

/** A table with a caption for those who come to it out of context. */
export const table = (
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  total?: readonly Cell[],
): Markup => html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ heading, isFigure }) => html`<th scope="col"${isFigure && html` class="figure"`}>${heading}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => row(columns, cells))}</tbody>
${total !== undefined && html`<tfoot>${row(columns, total)}</tfoot>`}
</table></div>`;

const row = (columns: readonly Column[], cells: readonly Cell[]): Markup =>
  html`<tr>${cells.map((cell, index) =>
    index === 0 ? html`<th scope="row">${cell}</th>` : html`<td${className(columns[index])}>${cell}</td>`,
  )}</tr>`;

/** A table behind a chart: the same figures, one click away. */
export const folded = (summary: string, content: Markup): Markup =>
  html`<details><summary>${summary}</summary>${content}</details>`;

const className = (column: Column | undefined): Markup | false =>
  column?.isFigure === true ? html` class="figure"` : column?.isSource === true && html` class="source"`;
