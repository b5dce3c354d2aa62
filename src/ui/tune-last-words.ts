import {noticeJson} from './json-lines.ts'
import {paintedRows} from './layout.ts'
import {span} from './spans.ts'
import type {Terminal} from './terminal.ts'

/** What is said to who leaves before all is cleaned up: in one line, however long, for it is copied from there. */
export const lastWords = (text: string, json: boolean, terminal: Terminal): string =>
  json ? noticeJson(text) : paintedRows([[span(text, 'bad')]], {...terminal, isTTY: false})
