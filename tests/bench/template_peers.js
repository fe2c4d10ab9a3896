// SPDX-License-Identifier: Apache-2.0
// handlebars.js and mustache.js on the data that hab-bench-template wrote: node template_peers.js DIR
// Prints "engine<tab>work<tab>microseconds", medians.
"use strict";
const fs = require("fs");
const path = require("path");
const Handlebars = require("handlebars");
const Mustache = require("mustache");

const directory = process.argv[2];
const read = (name) => fs.readFileSync(path.join(directory, name), "utf8");
Mustache.escape = (text) => text;

function median(work, runs) {
    const times = [];
    for (let i = 0; i < runs; ++i) work();
    for (let i = 0; i < runs; ++i) {
        const begin = process.hrtime.bigint();
        work();
        times.push(Number(process.hrtime.bigint() - begin) / 1000);
    }
    times.sort((a, b) => a - b);
    return times[runs >> 1];
}
const print = (engine, work, time) => console.log(`${engine}\t${work}\t${time.toFixed(1)}`);

for (const [file, work, runs] of [["members", "100 members", 1000], ["table", "100 x 100", 300]]) {
    const data = JSON.parse(read(file + ".json"));
    const text = read(file + ".hbs");
    const render = Handlebars.compile(text, {noEscape: true});
    render(data);
    // compile() is lazy: only its first call compiles.
    print("handlebars.js", "compile, " + work,
          median(() => Handlebars.precompile(text, {noEscape: true}), runs / 5));
    print("handlebars.js", "render, " + work, median(() => render(data), runs));
    const mustache = read(file + ".mustache");
    Mustache.parse(mustache);
    print("mustache.js", "render, " + work, median(() => Mustache.render(mustache, data), runs));
}
