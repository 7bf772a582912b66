// Package cloud keeps contents of files in a bucket of a cloud store instead of
// a folder, for nodes that share no disk. It is built with the tag s3 alone:
// the libraries that it needs are larger than all of Cadre, and cost every
// command time to start.
//
//	go build -tags s3 ./cmd/cadre
//
// A bucket has an address such as s3://bucket?region=eu-central-1&prefix=files/;
// credentials come from the environment, as the libraries of Amazon find them.
package cloud
