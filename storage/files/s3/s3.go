// Package s3 keeps media in a bucket of an object store that speaks Amazon's S3: Amazon's, MinIO, Garage, Ceph and others.
//
// A newcomer's usual mistake is to hand out the bucket's addresses. Media are served by this server under its own name, so the
// bucket stays private and nothing that a browser would run is ever served from it.
package s3

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"orrery/social"
	"orrery/storage/files"
)

// Config says which bucket, and who asks for it.
type Config struct {
	Endpoint  string // "https://s3.example.org"; http only for stores on the same machine or network
	Bucket    string // it must exist
	Region    string // "" where the store knows none
	Prefix    string // before every key, such as "media/"; may be ""
	AccessKey string
	SecretKey string
	// PathStyle puts the bucket into the path instead of the host's name, as most stores but Amazon's want it.
	PathStyle bool
}

// Bucket implements social.Files. Safe for concurrent use.
type Bucket struct {
	client         *minio.Client
	bucket, prefix string
}

// New returns the bucket of c. It asks the store nothing; Check does.
func New(c Config) (*Bucket, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("%q is no address of an object store: write it as https://s3.example.org", c.Endpoint)
	}
	if c.Bucket == "" || c.AccessKey == "" || c.SecretKey == "" {
		return nil, fmt.Errorf("the object store %s needs a bucket, an access key and a secret key", u.Host)
	}
	lookup := minio.BucketLookupAuto
	if c.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: u.Scheme == "https", Region: c.Region, BucketLookup: lookup,
	})
	if err != nil {
		return nil, fmt.Errorf("object store %s: %w", u.Host, err)
	}
	return &Bucket{client, c.Bucket, c.Prefix}, nil
}

// Check asks whether the bucket is there and may be used, so that a wrong key shows when the server starts.
func (b *Bucket) Check(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.bucket)
	if err == nil && !there {
		err = fmt.Errorf("there is no such bucket")
	}
	if err != nil {
		return fmt.Errorf("bucket %s: %w", b.bucket, err)
	}
	return nil
}

func (b *Bucket) missing(key string) error { return fmt.Errorf("file %s: %w", key, social.ErrNotFound) }

// Put implements social.Files. A store shows an object whole or not at all.
func (b *Bucket) Put(ctx context.Context, key string, content []byte) error {
	if !files.Valid(key) {
		return b.missing(key)
	}
	_, err := b.client.PutObject(ctx, b.bucket, b.prefix+key, bytes.NewReader(content), int64(len(content)),
		minio.PutObjectOptions{ContentType: "application/octet-stream", CacheControl: "max-age=31536000, immutable"})
	if err != nil {
		return fmt.Errorf("put %s into bucket %s: %w", key, b.bucket, err)
	}
	return nil
}

// Open implements social.Files. Parts are fetched as they are read, so a film can be served from its middle.
func (b *Bucket) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if !files.Valid(key) {
		return nil, 0, b.missing(key)
	}
	object, err := b.client.GetObject(ctx, b.bucket, b.prefix+key, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, fmt.Errorf("open %s in bucket %s: %w", key, b.bucket, err)
	}
	info, err := object.Stat()
	if err != nil {
		_ = object.Close()
		if r := minio.ToErrorResponse(err); r.Code == "NoSuchKey" || r.StatusCode == 404 {
			return nil, 0, b.missing(key)
		}
		return nil, 0, fmt.Errorf("open %s in bucket %s: %w", key, b.bucket, err)
	}
	return object, info.Size, nil
}

// Delete implements social.Files.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if !files.Valid(key) {
		return nil
	}
	if err := b.client.RemoveObject(ctx, b.bucket, b.prefix+key, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete %s from bucket %s: %w", key, b.bucket, err)
	}
	return nil
}
