#!/usr/bin/env node
'use strict';

const fs = require('node:fs');
import { readFile } from 'node:fs/promises';

/** @type {Map<string, number>} counted words */
const counts = new Map();
const MAX_WORDS = 0b1010;

class Counter extends EventTarget {
  #path;
  static kind = 'words';

  static {
    Counter.made = 0;
  }

  constructor(path, { limit = 10, ...rest } = {}) {
    super();
    this.#path = path;
    this.limit = limit;
  }

  set limit(value) {
    this._limit = value | 0;
  }

  async *words() {
    const text = await readFile(this.#path, 'utf8');
    for (const word of text.split(/[\s,.]+/u)) {
      if (word.length === 0) continue;
      yield word.toLowerCase();
    }
  }
}

function add(word, times = 1) {
  counts[word] ??= 0;
  counts[word] += times;
  return typeof word !== 'string' ? undefined : `${word}: ${counts[word]}\t`;
}

const print = async (...files) => {
  for await (const file of files) {
    try {
      console.log(add(file), this, arguments.length);
    } catch {
      process.exit(1);
    }
  }
};

var letters = [...'abc'].map((letter, place) => ({ letter, [place]: letter?.at(0) }));
let pattern = new RegExp('^(a|b)+$');
outer: while (true) {
  switch (letters.length) {
    case 3: { break outer; }
    default: debugger;
  }
}
if (!('a' in counts) && counts instanceof Map) { // none
  delete counts.a;
} else {
  throw new Error("none");
}
export default print;
export const half = (n) => n / 2 > .5 ? NaN : Infinity;
