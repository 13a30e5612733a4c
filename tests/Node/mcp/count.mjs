// How many tokens each text of a JSON list costs, by two real vocabularies: {"o200k_base":[…],"cl100k_base":[…]}.
import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import o200k from 'js-tiktoken/ranks/o200k_base';

const texts = JSON.parse(process.env.PARLEY_TEXTS);
const count = ranks => { const encoding = new Tiktoken(ranks); return texts.map(text => encoding.encode(text).length); };
console.log(JSON.stringify({ o200k_base: count(o200k), cl100k_base: count(cl100k) }));
