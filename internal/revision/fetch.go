package revision

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"github.com/cadre-hq/cadre/internal/fault"
)

// IsRemote reports whether a repository is named by the address of a server.
func IsRemote(repository string) bool {
	return strings.HasPrefix(repository, "https://") || strings.HasPrefix(repository, "http://")
}

// A Remote is a repository on a server.
type Remote struct {
	Address string // https://… or http://…
	Token   string // shown to the server as a password; "" if it asks for none
	// MostBytes is how much is taken at most; 0 means 512 MiB.
	MostBytes int64
}

// Fetch brings the last commit of a branch, without its history, to an empty
// folder, which is a bare repository then. Branch "" is the one that the server
// calls HEAD. It fails with NotFound if there is no such repository or branch,
// with Forbidden if the server does not let one in, and with Busy if it cannot
// be reached.
func Fetch(ctx context.Context, r Remote, branch, folder string) error {
	endpoint, err := transport.NewEndpoint(r.Address)
	if err != nil {
		return fault.New(fault.Invalid, "%q is no address of a git repository: it begins with https://", r.Address)
	}
	var login transport.AuthMethod
	if r.Token != "" {
		login = &githttp.BasicAuth{Username: "cadre", Password: r.Token}
	}
	session, err := githttp.NewClient(&http.Client{}).NewUploadPackSession(endpoint, login)
	if err != nil {
		return r.failed(err)
	}
	defer func() { _ = session.Close() }() // it was only read
	refs, err := session.AdvertisedReferencesContext(ctx)
	if err != nil {
		return r.failed(err)
	}
	tip, found := tipOf(refs, branch)
	if !found {
		return fault.New(fault.NotFound, "the git repository %s has no branch %q", r.Address, branch)
	}
	request := packp.NewUploadPackRequestFromCapabilities(refs.Capabilities)
	request.Wants = []plumbing.Hash{tip}
	if refs.Capabilities.Supports(capability.Shallow) {
		request.Depth = packp.DepthCommits(1)
		if err := request.Capabilities.Set(capability.Shallow); err != nil {
			return err
		}
	}
	pack, err := session.UploadPack(ctx, request)
	if err != nil {
		return r.failed(err)
	}
	if err := r.unpack(pack, request, tip, branch, folder); err != nil {
		return errors.Join(r.failed(err), pack.Close())
	}
	return pack.Close()
}

// tipOf returns the last commit of a branch.
func tipOf(refs *packp.AdvRefs, branch string) (plumbing.Hash, bool) {
	if branch == "" || branch == "HEAD" {
		if refs.Head != nil {
			return *refs.Head, true
		}
		return plumbing.ZeroHash, false
	}
	for _, name := range []plumbing.ReferenceName{plumbing.NewBranchReferenceName(branch), plumbing.NewTagReferenceName(branch)} {
		if tip, ok := refs.References[name.String()]; ok {
			return tip, true
		}
	}
	return plumbing.ZeroHash, false
}

// unpack writes what came to the folder.
func (r Remote) unpack(pack *packp.UploadPackResponse, request *packp.UploadPackRequest, tip plumbing.Hash, branch, folder string) error {
	for _, name := range []string{"objects", "refs"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o700); err != nil {
			return err
		}
	}
	storage := filesystem.NewStorage(osfs.New(folder), cache.NewObjectLRUDefault())
	most := r.MostBytes
	if most == 0 {
		most = 512 << 20
	}
	limited := &limitedReader{from: pack, left: most, address: r.Address}
	var reader io.Reader = limited
	switch {
	case request.Capabilities.Supports(capability.Sideband64k):
		reader = sideband.NewDemuxer(sideband.Sideband64k, limited)
	case request.Capabilities.Supports(capability.Sideband):
		reader = sideband.NewDemuxer(sideband.Sideband, limited)
	}
	if err := packfile.UpdateObjectStorage(storage, reader); err != nil {
		return errors.Join(err, limited.err, storage.Close())
	}
	name := plumbing.NewBranchReferenceName("main")
	if branch != "" && branch != "HEAD" {
		name = plumbing.NewBranchReferenceName(branch)
	}
	err := storage.SetReference(plumbing.NewHashReference(name, tip))
	if err == nil {
		err = storage.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, name))
	}
	if err == nil && !request.Depth.IsZero() {
		err = storage.SetShallow([]plumbing.Hash{tip})
	}
	return errors.Join(err, storage.Close())
}

// failed returns an error of a server with its kind.
func (r Remote) failed(err error) error {
	switch {
	case fault.KindOf(err) != fault.Internal:
		return err
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed), errors.Is(err, transport.ErrInvalidAuthMethod):
		return fault.New(fault.Forbidden, "the git server of %s does not let Cadre in: give it a token that may read the repository", r.Address)
	case errors.Is(err, transport.ErrRepositoryNotFound), errors.Is(err, transport.ErrEmptyRemoteRepository):
		return fault.New(fault.NotFound, "there is no git repository with a commit at %s", r.Address)
	case errors.Is(err, context.Canceled):
		return err
	}
	return fault.New(fault.Busy, "the git repository %s cannot be fetched now: %w", r.Address, err)
}

// A limitedReader ends with an error, not in silence, where too much comes.
type limitedReader struct {
	from    io.Reader
	left    int64
	address string
	err     error
}

// Read implements io.Reader.
func (l *limitedReader) Read(b []byte) (int, error) {
	if l.left <= 0 {
		l.err = fault.New(fault.Invalid, "the git repository %s is too large: its last commit does not fit the limit", l.address)
		return 0, l.err
	}
	n, err := l.from.Read(b[:min(int64(len(b)), l.left)])
	l.left -= int64(n)
	return n, err
}
