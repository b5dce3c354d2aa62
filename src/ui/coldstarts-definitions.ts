/** What a word of the report means, for those who did not run it. */
export type Definition = {readonly term: string; readonly meaning: string}

/** How an environment came to be, by who waited for it; and what the numbers are. */
export const coldStartDefinitions: readonly Definition[] = [
  {
    term: 'felt',
    meaning:
      'A request waited for the environment that served it. On-demand inits, restores, suppressed inits and failed ones are felt; those ahead of any request are not.',
  },
  {
    term: 'on-demand',
    meaning:
      'No environment was free, so Lambda started one: the request waited for the init and then ran (Init Duration and Duration).',
  },
  {
    term: 'restore',
    meaning:
      'SnapStart took the place of the init by a snapshot of it: the request waited for the restore (Restore Duration and Duration).',
  },
  {
    term: 'proactive',
    meaning:
      'Lambda initialized an environment by itself, more than ten seconds before the first request came to it, if one came at all. Nobody waited.',
  },
  {term: 'provisioned', meaning: 'The init of provisioned concurrency, and part of its price. Nobody waited.'},
  {
    term: 'suppressed (over 10 s)',
    meaning:
      'The init ran into the ten seconds that it may take, and Lambda ran it again as part of the request, which waited for both.',
  },
  {term: 'failed', meaning: 'The init ended in an error. A request may have met it, and then it was felt.'},
  {
    term: 'rate',
    meaning:
      'Felt cold starts of the requests that CloudWatch counted, which are never fewer than the log shows. Where it did not tell, the rate is not known.',
  },
  {
    term: 'p50, p90, p99',
    meaning:
      'So many of 100 inits were as quick as this or quicker. Each is a duration that was measured (nearest rank), none is estimated.',
  },
  {
    term: 'hello',
    meaning:
      'The init of a function that does nothing with the same runtime, architecture, kind of package and the nearest memory, as others measured it. What is beyond it is the function’s own code and what it loads.',
  },
  {
    term: 'caused by',
    meaning:
      'Told by the shape in time. Deploy: within five minutes of a version’s first appearance, or of a change of $LATEST. After idle: the first after five minutes without a call. Scale-out: while another cold request was running, or in a minute with more requests at a time than in the ten before. All others are not known; environments that Lambda replaced are among them.',
  },
  {
    term: 'inits a month',
    meaning:
      'What the billed inits of the window cost by list price, for 30 days of such windows. Whether an init was billed is read from its own log line.',
  },
  {
    term: 'not known',
    meaning: 'What could not be read is not known, with the reason. It is in no sum, and it is never a zero.',
  },
]
