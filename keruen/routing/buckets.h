/* The queue of shortest trees: circular buckets before a small heap, so that nodes leave in exact order of their keys.
 *
 * A bucket holds the keys of one stretch of width 1 / per_key, as a list; buckets follow each other in a circle that spans
 * the heaviest arc (Dial 1969). When its turn comes, a bucket goes into a heap, which thus stays short, as in a two-level
 * queue (Denardo & Fox 1979). A node whose key falls is put in once more; whoever takes it out passes over the older item.
 * Whatever the weights are, the order is right; if one arc outweighs all others by far, this is a binary heap.
 */
#ifndef KERUEN_BUCKETS_H
#define KERUEN_BUCKETS_H

#include "kernels.h"

enum { N_BUCKETS = 16384 }; /* a power of two */

typedef struct {
    double key;
    int32_t id, next; /* the next item of the bucket, -1 at its end */
} Listed;

typedef struct {
    double base, per_key;  /* the bucket of a key: (key - base) * per_key, counted on round the circle */
    int64_t now;           /* the bucket that is in the heap */
    HeapItem *item;        /* the heap: the parent of i is (i - 1) / 2 */
    Listed *listed;        /* the items of all buckets, and those free to be used again */
    int32_t size, room, used, room_listed, free_item;
    int32_t *first;        /* [N_BUCKETS] the first item of each, -1 if it is empty */
    uint64_t *filled;      /* a bit for each bucket that is not empty */
    int no_memory;         /* what was put in since is lost */
} Buckets;

static inline void buckets_free(Buckets *queue)
{
    free(queue->item);
    free(queue->listed);
    free(queue->first);
    free(queue->filled);
}

static inline int buckets_new(Buckets *queue)
{
    *queue = (Buckets){.room = 256, .room_listed = 4096, .free_item = -1};
    queue->item = new_array(queue->room, sizeof *queue->item);
    queue->listed = new_array(queue->room_listed, sizeof *queue->listed);
    queue->first = new_array(N_BUCKETS, sizeof *queue->first);
    queue->filled = calloc(N_BUCKETS / 64, sizeof *queue->filled);
    if (!queue->item || !queue->listed || !queue->first || !queue->filled) {
        buckets_free(queue);
        return KERUEN_NO_MEMORY;
    }
    memset(queue->first, 0xff, N_BUCKETS * sizeof *queue->first);
    return KERUEN_OK;
}

/* Sets how wide the buckets of an empty queue are: all keys that are in it at once lie within the heaviest of m finite
 * weights, or within the offsets (NULL: zeros) of n keys that are put in first. */
static inline void buckets_span(Buckets *queue, int32_t m, const double *weight, int32_t n, const double *offset)
{
    double span = 0.0, low = 0.0, high = 0.0;
    for (int32_t arc = 0; arc < m; arc++)
        if (weight[arc] > span && weight[arc] < INFINITY) span = weight[arc];
    for (int32_t i = 0; offset && i < n; i++) {
        low = i == 0 || offset[i] < low ? offset[i] : low;
        high = i == 0 || offset[i] > high ? offset[i] : high;
    }
    if (high - low > span) span = high - low;
    const double per_key = (N_BUCKETS - 4) / span;
    queue->base = low;
    queue->per_key = per_key < 1e300 ? per_key : 0.0;
    queue->now = 0;
}

static inline void buckets_heap_put(Buckets *queue, int32_t id, double key)
{
    if (queue->size == queue->room) {
        HeapItem *wide = realloc(queue->item, 2 * (size_t)queue->room * sizeof *wide);
        if (!wide) {
            queue->no_memory = 1;
            return;
        }
        queue->item = wide;
        queue->room *= 2;
    }
    int32_t hole = queue->size++;
    for (; hole > 0 && key < queue->item[(hole - 1) >> 1].key; hole = (hole - 1) >> 1)
        queue->item[hole] = queue->item[(hole - 1) >> 1];
    queue->item[hole] = (HeapItem){key, id};
}

/* Puts an id in with a key that is not below that of the last item taken out. */
static inline void buckets_put(Buckets *queue, int32_t id, double key)
{
    const int64_t turn = (int64_t)((key - queue->base) * queue->per_key);
    if (turn <= queue->now) {
        buckets_heap_put(queue, id, key);
        return;
    }
    int32_t at = queue->free_item;
    if (at >= 0) queue->free_item = queue->listed[at].next;
    else if (queue->used < queue->room_listed) at = queue->used++;
    else {
        Listed *wide = realloc(queue->listed, 2 * (size_t)queue->room_listed * sizeof *wide);
        if (!wide) {
            queue->no_memory = 1;
            return;
        }
        queue->listed = wide;
        queue->room_listed *= 2;
        at = queue->used++;
    }
    const int32_t bucket = (int32_t)(turn & (N_BUCKETS - 1));
    queue->listed[at] = (Listed){key, id, queue->first[bucket]};
    queue->first[bucket] = at;
    queue->filled[bucket >> 6] |= (uint64_t)1 << (bucket & 63);
}

/* Brings the next bucket into the heap if that is empty, but for items above dist of their ids, which were put in again. Returns 0 if
 * nothing is left. */
static inline int buckets_next(Buckets *queue, const double *dist)
{
    while (queue->size == 0) {
        const int32_t begin = (int32_t)((queue->now + 1) & (N_BUCKETS - 1)), words = N_BUCKETS / 64;
        int32_t word = begin >> 6;
        uint64_t bits = queue->filled[word] & (~(uint64_t)0 << (begin & 63));
        for (int32_t looked = 0; !bits && looked < words; looked++) bits = queue->filled[word = (word + 1) & (words - 1)];
        if (!bits) return 0;
        int32_t bucket = word << 6;
        for (; !(bits >> (bucket & 63) & 1); bucket++);
        queue->now += 1 + ((bucket - begin) & (N_BUCKETS - 1));
        queue->filled[word] &= ~((uint64_t)1 << (bucket & 63));
        for (int32_t at = queue->first[bucket], next; at >= 0; at = next) {
            next = queue->listed[at].next;
            if (queue->listed[at].key <= dist[queue->listed[at].id])
                buckets_heap_put(queue, queue->listed[at].id, queue->listed[at].key);
            queue->listed[at].next = queue->free_item;
            queue->free_item = at;
        }
        queue->first[bucket] = -1;
    }
    return 1;
}

/* Takes out the item with the smallest key; buckets_next must have said that there is one. */
static inline HeapItem buckets_pop(Buckets *queue)
{
    HeapItem *item = queue->item;
    const HeapItem top = item[0], last = item[--queue->size];
    const int64_t size = queue->size;
    int64_t hole = 0;
    for (int64_t child = 1; child < size; child = 2 * hole + 1) {
        if (child + 1 < size && item[child + 1].key < item[child].key) child++;
        if (!(item[child].key < last.key)) break;
        item[hole] = item[child];
        hole = child;
    }
    item[hole] = last;
    return top;
}

#endif
