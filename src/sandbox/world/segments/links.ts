// Links between the trace that sends a message to a queue and those in which it is received.
import type {Touch} from '../history.ts'
import {traceIdOf} from '../invocations.ts'
import type {SubsegmentDocument} from '../segment-document.ts'
import {idOf, placedAt, type Request, runOf, seconds} from './request.ts'

type Links = Pick<SubsegmentDocument, 'links'>

const reserved = (attributes: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`aws.xray.reserved.${key}`, value]))

/** The subsegment in which a touch sends the message that another one receives. */
export const sendingId = (request: Request, sender: Touch, receiver: Touch): string =>
  idOf(runOf(request, sender), `send ${receiver.index}`)

/** Every touch that is handed the message: again while it fails. */
function receiversOf(touch: Touch): readonly Touch[] {
  return [touch, ...touch.children.filter(({via}) => via === 'redelivery').flatMap(receiversOf)]
}

/** The first touch of a queue's message: the one that others are redeliveries of. */
function firstReceiver(touch: Touch): Touch {
  return touch.via === 'redelivery' && touch.above ? firstReceiver(touch.above) : touch
}

/** Of a run that a queue's message started: who sent it. A stream's consumer is not linked. */
export function linksToSender(request: Request, touch: Touch): Links {
  if (touch.via !== 'queue' && touch.via !== 'redelivery') return {}
  const sender = touch.caller
  if (!sender || request.queueOf(touch.step.in) === null) return {}
  const run = runOf(request, sender)
  if (request.find(sender.step.in)?.tracing !== 'Active' || !request.isSampled(run)) return {}
  const id = sendingId(request, sender, firstReceiver(touch))
  return {links: [{trace_id: traceIdOf(run), id, attributes: reserved({reference_type: 'parent'})}]}
}

/** Of a message that was sent: the traces that have received it so far. */
export function linksToReceivers(request: Request, touch: Touch): Links {
  const links = receiversOf(touch).flatMap(receiver => {
    const found = placedAt(request, receiver)
    if (!found || found.placed.run.at > request.now || !found.placed.sampled) return []
    const {run, durationMs} = found.placed
    const end = run.at + durationMs
    const attributes = reserved({
      reference_type: 'child',
      type: 'AWS::Lambda',
      names: [receiver.step.in],
      dwell_end_time: seconds(run.at - 1),
      ...(end <= request.now && {received_event_end_time: seconds(end)}),
    })
    return [{trace_id: traceIdOf(run), id: idOf(run, 'service'), attributes}]
  })
  return links.length > 0 ? {links} : {}
}
