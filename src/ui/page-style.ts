/** What pages that are kept have in common: they follow the reader's light or dark. */
export const pageBase = `:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:14px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}`

/** The figures at the head of a page. */
export const pageTiles = `.tiles li{background:var(--band);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.tiles strong{display:block;font-size:23px;line-height:1.25}
.tiles small{display:block;color:var(--dim);font-size:12px}`
