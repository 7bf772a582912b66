package app

// Cast are the people of the demonstration.
var Cast = cast
