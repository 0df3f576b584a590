/* Nested dissection: the order in which a hierarchy eliminates the nodes of a graph that lies on a sphere.
 *
 *   nodes of low degree  ->  first
 *   the rest             ->  [ side A | side B | separator ], each side ordered the same way
 *
 * Separators come last: what they part is never joined with each other, so the supergraph of the hierarchy
 * (hierarchy.c) stays small. For planar graphs it has O(n log n) edges (George 1973; Lipton, Rose & Tarjan 1979); road
 * and rail networks are nearly planar, and their separators are smaller still. Only positions and neighbours count, no
 * weights. The result is the same on every run.
 *
 * Conventions of types, ownership and threads are in kernels.h.
 */
#include "kernels.h"

enum { NOBODY = -1, STOPPED = -3 };

/* ---------------------------------------------------------------------------------------------- nodes of low degree */

/* A node with d <= 3 neighbours costs at most d edges to eliminate and adds no more than it removes, so no separator is
 * worth keeping it for. It goes in rounds: in one round no two neighbours go, hence a chain of k nodes becomes about
 * log k levels of the tree, not k. ROUNDS limits what the rounds can add to the height of the tree. */
enum { LOW_DEGREE = 3, ROUNDS = 32 };

/* Undirected graph that shrinks; the neighbours of v are pool[start[v]] .. pool[start[v] + count[v] - 1]. */
typedef struct {
    int32_t *pool;
    int64_t used, size, *start;
    int32_t *count, *room;
} Shrinking;

static void shrinking_free(Shrinking *g)
{
    free(g->pool);
    free(g->start);
    free(g->count);
    free(g->room);
}

static int shrinking_new(Shrinking *g, int32_t n, const int32_t *first, const int32_t *head)
{
    g->used = first[n];
    g->size = g->used + g->used / 2 + 64;
    g->pool = new_array(g->size, sizeof *g->pool);
    g->start = new_array(n, sizeof *g->start);
    g->count = new_array(n, sizeof *g->count);
    g->room = new_array(n, sizeof *g->room);
    if (!g->pool || !g->start || !g->count || !g->room) return KERUEN_NO_MEMORY;
    memcpy(g->pool, head, (size_t)g->used * sizeof *head);
    for (int32_t v = 0; v < n; v++) {
        g->start[v] = first[v];
        g->count[v] = g->room[v] = first[v + 1] - first[v];
    }
    return KERUEN_OK;
}

static void remove_neighbour(Shrinking *g, int32_t v, int32_t gone)
{
    int32_t *list = g->pool + g->start[v];
    for (int32_t i = 0; i < g->count[v]; i++)
        if (list[i] == gone) {
            list[i] = list[--g->count[v]];
            return;
        }
}

/* A list without room moves to the end of the pool with twice the room. */
static int add_neighbour(Shrinking *g, int32_t v, int32_t added)
{
    const int32_t *list = g->pool + g->start[v];
    for (int32_t i = 0; i < g->count[v]; i++)
        if (list[i] == added) return KERUEN_OK;
    if (g->count[v] == g->room[v]) {
        const int64_t room = 2 * (int64_t)g->room[v] + 2;
        if (g->used + room > g->size) {
            const int64_t size = 2 * g->size + room;
            int32_t *pool = realloc(g->pool, (size_t)size * sizeof *pool);
            if (!pool) return KERUEN_NO_MEMORY;
            g->pool = pool;
            g->size = size;
        }
        memcpy(g->pool + g->used, g->pool + g->start[v], (size_t)g->count[v] * sizeof *g->pool);
        g->start[v] = g->used;
        g->room[v] = (int32_t)room;
        g->used += room;
    }
    g->pool[g->start[v] + g->count[v]++] = added;
    return KERUEN_OK;
}

/* Eliminates v of at most LOW_DEGREE neighbours: they lose v and are joined with each other. */
static int eliminate(Shrinking *g, int32_t v)
{
    int32_t around[LOW_DEGREE];
    const int32_t degree = g->count[v];
    memcpy(around, g->pool + g->start[v], (size_t)degree * sizeof *around);
    for (int32_t i = 0; i < degree; i++) remove_neighbour(g, around[i], v);
    for (int32_t i = 0; i < degree; i++)
        for (int32_t j = 0; j < degree; j++)
            if (i != j && add_neighbour(g, around[i], around[j]) != KERUEN_OK) return KERUEN_NO_MEMORY;
    return KERUEN_OK;
}

/* Writes the nodes of low degree to out_order as they are eliminated and marks them in out_gone, zeros before. Returns
 * how many they are, or a negative status. */
static int64_t eliminate_low_degrees(Shrinking *g, int32_t n, uint8_t *out_gone, int32_t *out_order)
{
    int32_t done = 0, now = n, soon, status = KERUEN_OK;
    int32_t *candidate = new_array(n, sizeof *candidate), *next = new_array(n, sizeof *next);
    int32_t *round_of = calloc((size_t)n + 1, sizeof *round_of); /* the last round in which a neighbour went */
    if (!candidate || !next || !round_of) status = KERUEN_NO_MEMORY;
    for (int32_t v = 0; v < n && !status; v++) candidate[v] = v;
    for (int32_t round = 1; round <= ROUNDS && now > 0 && !status; round++, now = soon) {
        soon = 0;
        for (int32_t i = 0; i < now && !status; i++) {
            const int32_t v = candidate[i];
            if (out_gone[v] || g->count[v] > LOW_DEGREE || round_of[v] == round) continue;
            for (int32_t j = 0; j < g->count[v]; j++) { /* the neighbours wait for the next round */
                const int32_t u = g->pool[g->start[v] + j];
                if (round_of[u] != round) next[soon++] = u;
                round_of[u] = round;
            }
            status = eliminate(g, v);
            out_gone[v] = 1;
            out_order[done++] = v;
        }
        int32_t *swap = candidate;
        candidate = next;
        next = swap;
    }
    free(candidate);
    free(next);
    free(round_of);
    return status ? status : done;
}

/* -------------------------------------------------------------------------------------- separators by inertial flow */

/* Inertial flow (Schild & Sommer 2015, "On balanced separators in road networks", SEA): lay a line over the map, tie
 * the first quarter of the nodes along it together as the source and the last quarter as the sink, and take the
 * smallest cut between them; of several lines keep the best. We cut nodes, not edges: every node lets one unit through.
 * An airport with 400 flights or a terminal then costs 1, and becomes a separator where it is one; cutting edges it
 * would cost 400 and would have to be set aside by hand.
 *
 * A node v becomes the states in(v) = 2v -> out(v) = 2v+1 with capacity 1; edges between nodes have no limit. The flow
 * is a set of node-disjoint ways, kept as came_from[] and goes_to[]. It grows by blocking flows (Dinic 1970), of which
 * graphs with unit nodes need O(sqrt(n)) (Even & Tarjan 1975). */
enum { LINES = 8, SOURCE = -2, SINK = -3 };
static const double END_SHARE = 0.25; /* of the nodes, at either end of the line */
static const double PI = 3.14159265358979323846;

enum { FREE_END = 0, SOURCE_END = 1, SINK_END = 2 };
enum { SIDE_A = 0, SIDE_B = 1, SEPARATOR = 2 };

typedef struct {
    double key;
    int32_t id;
} Placed;

/* A part of the graph with nodes 0..n-1 of its own, and room for working on it. */
typedef struct {
    int32_t n, *first, *head;
    int32_t *came_from, *goes_to;   /* NOBODY where no way passes */
    int32_t *level, *tried, *queue; /* of the 2n states */
    uint8_t *end, *side, *best_side;
    Placed *placed;
} Part;

static void part_free(Part *p)
{
    void *owned[] = {p->first, p->head, p->came_from, p->goes_to, p->level, p->tried, p->queue,
                     p->end, p->side, p->best_side, p->placed};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free(owned[i]);
}

static int part_new(Part *p, int32_t n, int32_t m)
{
    p->first = new_array((int64_t)n + 1, sizeof *p->first);
    p->head = new_array(m, sizeof *p->head);
    p->came_from = new_array(n, sizeof *p->came_from);
    p->goes_to = new_array(n, sizeof *p->goes_to);
    p->level = new_array(2 * (int64_t)n, sizeof *p->level);
    p->tried = new_array(2 * (int64_t)n, sizeof *p->tried);
    p->queue = new_array(2 * (int64_t)n, sizeof *p->queue);
    p->end = new_array(n, sizeof *p->end);
    p->side = new_array(n, sizeof *p->side);
    p->best_side = new_array(n, sizeof *p->best_side);
    p->placed = new_array(n, sizeof *p->placed);
    return p->first && p->head && p->came_from && p->goes_to && p->level && p->tried && p->queue && p->end && p->side
                   && p->best_side && p->placed ? KERUEN_OK : KERUEN_NO_MEMORY;
}

static inline int32_t in(int32_t v) { return 2 * v; }
static inline int32_t out(int32_t v) { return 2 * v + 1; }
static inline int is_out(int32_t state) { return state & 1; }
static inline int32_t node_of(int32_t state) { return state >> 1; }

/* Where more flow can go from in(v): through v if it is free, else back along the way that takes v now. */
static inline int32_t after_in(const Part *p, int32_t v)
{
    if (p->came_from[v] == NOBODY) return out(v);
    return p->came_from[v] >= 0 ? out(p->came_from[v]) : NOBODY;
}

/* The i-th state that more flow can go to from out(v): each neighbour, then back through v if a way passes it. */
static inline int32_t after_out(const Part *p, int32_t v, int32_t i)
{
    const int32_t degree = p->first[v + 1] - p->first[v];
    if (i < degree) return in(p->head[p->first[v] + i]);
    return i == degree && p->came_from[v] != NOBODY ? in(v) : NOBODY;
}

static inline int reaches_sink(const Part *p, int32_t v) { return p->end[v] == SINK_END && p->goes_to[v] != SINK; }

/* Breadth-first levels of the states from the source, up to the level of the sink; returns whether it is reached. If it
 * is not, level[] tells what the source still reaches: the smallest cut nearest to the source. */
static int set_levels(Part *p)
{
    int32_t tail = 0, sink_level = INT32_MAX;
    for (int32_t x = 0; x < 2 * p->n; x++) p->level[x] = NOBODY;
    for (int32_t v = 0; v < p->n; v++)
        if (p->end[v] == SOURCE_END) {
            p->level[in(v)] = 0;
            p->queue[tail++] = in(v);
        }
    for (int32_t i = 0; i < tail; i++) {
        const int32_t x = p->queue[i], v = node_of(x);
        if (p->level[x] >= sink_level) break;
        if (is_out(x) && reaches_sink(p, v)) sink_level = p->level[x] + 1;
        const int32_t ways = is_out(x) ? p->first[v + 1] - p->first[v] + 1 : 1;
        for (int32_t w = 0; w < ways; w++) {
            const int32_t y = is_out(x) ? after_out(p, v, w) : after_in(p, v);
            if (y == NOBODY || p->level[y] != NOBODY) continue;
            p->level[y] = p->level[x] + 1;
            p->queue[tail++] = y;
        }
    }
    return sink_level != INT32_MAX;
}

/* Sends one unit along the states path[0..length-1]. All of them are spent for these levels. */
static void send_unit(Part *p, const int32_t *path, int32_t length)
{
    p->came_from[node_of(path[0])] = SOURCE;
    for (int32_t i = 0; i + 1 < length; i++) {
        const int32_t a = node_of(path[i]), b = node_of(path[i + 1]);
        if (!is_out(path[i])) continue; /* through a node, or back to the node before: the next step settles it */
        if (a == b) p->came_from[a] = p->goes_to[a] = NOBODY;
        else {
            p->goes_to[a] = b;
            p->came_from[b] = a;
        }
    }
    p->goes_to[node_of(path[length - 1])] = SINK;
    for (int32_t i = 0; i < length; i++) p->level[path[i]] = NOBODY;
}

/* Depth-first search down the levels from in(start) to the sink; returns 1 if it sent a unit, else 0. */
static int augment(Part *p, int32_t start)
{
    int32_t *path = p->queue, length = 0;
    if (p->level[in(start)] != 0) return 0;
    path[length++] = in(start);
    while (length > 0) {
        const int32_t x = path[length - 1], v = node_of(x);
        if (is_out(x) && reaches_sink(p, v)) {
            send_unit(p, path, length);
            return 1;
        }
        const int32_t ways = is_out(x) ? p->first[v + 1] - p->first[v] + 1 : 1;
        int32_t y = NOBODY;
        while (y == NOBODY && p->tried[x] < ways) {
            y = is_out(x) ? after_out(p, v, p->tried[x]) : after_in(p, v);
            p->tried[x]++;
            if (y != NOBODY && p->level[y] != p->level[x] + 1) y = NOBODY;
        }
        if (y != NOBODY) path[length++] = y;
        else {
            p->level[x] = NOBODY;
            length--;
        }
    }
    return 0;
}

/* Largest flow between the ends, or any number above limit as soon as it is exceeded. */
static int32_t largest_flow(Part *p, int32_t limit)
{
    int32_t flow = 0;
    for (int32_t v = 0; v < p->n; v++) p->came_from[v] = p->goes_to[v] = NOBODY;
    while (flow <= limit && set_levels(p)) {
        memset(p->tried, 0, 2 * (size_t)p->n * sizeof *p->tried);
        for (int32_t v = 0; v < p->n; v++)
            if (p->end[v] == SOURCE_END) flow += augment(p, v);
    }
    return flow;
}

/* Sets side[] by the cut nearest to the source, from the levels that the flow left. */
static void cut_at_source(Part *p)
{
    for (int32_t v = 0; v < p->n; v++)
        p->side[v] = p->level[out(v)] != NOBODY ? SIDE_A : p->level[in(v)] != NOBODY ? SEPARATOR : SIDE_B;
}

/* The same by the cut nearest to the sink: searches backwards for the states from which the sink is still reached. */
static void cut_at_sink(Part *p)
{
    int32_t tail = 0, *seen = p->tried;
    memset(seen, 0, 2 * (size_t)p->n * sizeof *seen);
    for (int32_t v = 0; v < p->n; v++)
        if (p->end[v] == SINK_END) seen[p->queue[tail++] = out(v)] = 1;
    for (int32_t i = 0; i < tail; i++) {
        const int32_t x = p->queue[i], v = node_of(x);
        const int taken = p->came_from[v] != NOBODY;
        if (is_out(x)) { /* more flow can come from in(v), or by calling back what goes on from v */
            const int32_t y = !taken ? in(v) : p->goes_to[v] >= 0 ? in(p->goes_to[v]) : NOBODY;
            if (y != NOBODY && !seen[y]) seen[p->queue[tail++] = y] = 1;
            continue;
        }
        if (taken && !seen[out(v)]) seen[p->queue[tail++] = out(v)] = 1;
        for (int32_t a = p->first[v]; a < p->first[v + 1]; a++)
            if (!seen[out(p->head[a])]) seen[p->queue[tail++] = out(p->head[a])] = 1;
    }
    for (int32_t v = 0; v < p->n; v++)
        p->side[v] = seen[in(v)] ? SIDE_B : seen[out(v)] ? SEPARATOR : SIDE_A;
}

static int32_t smaller_side(const Part *p)
{
    int32_t size[3] = {0, 0, 0};
    for (int32_t v = 0; v < p->n; v++) size[p->side[v]]++;
    return size[SIDE_A] < size[SIDE_B] ? size[SIDE_A] : size[SIDE_B];
}

static inline int before(Placed a, Placed b) { return a.key < b.key || (a.key == b.key && a.id < b.id); }

/* Moves the k first of the n placed to the front, in no order (quickselect, Hoare 1961). */
static void select_first(Placed *placed, int32_t n, int32_t k)
{
    int32_t low = 0, high = n - 1;
    while (low < high) {
        const Placed pivot = placed[low + (high - low) / 2];
        int32_t i = low, j = high;
        while (i <= j) {
            while (before(placed[i], pivot)) i++;
            while (before(pivot, placed[j])) j--;
            if (i > j) break;
            const Placed swap = placed[i];
            placed[i++] = placed[j];
            placed[j--] = swap;
        }
        if (k <= j) high = j;
        else if (k >= i) low = i;
        else return;
    }
}

/* Unit vectors of the lines over a part: LINES of them in the plane that touches the sphere at the middle of the part,
 * and for parts of continental size the axis through that middle (which orders the nodes by distance from it).
 * Returns how many. */
static int lines_over(const Part *p, const int32_t *node, const double *xyz, double line[LINES + 1][3])
{
    double c[3] = {0, 0, 0};
    for (int32_t i = 0; i < p->n; i++)
        for (int d = 0; d < 3; d++) c[d] += xyz[3 * (int64_t)node[i] + d] / p->n;
    const double length = sqrt(c[0] * c[0] + c[1] * c[1] + c[2] * c[2]), to_axis = hypot(c[0], c[1]);
    double east[3] = {0, 1, 0}, north[3] = {0, 0, 1};
    if (to_axis > 1e-9) {
        east[0] = -c[1] / to_axis;
        east[1] = c[0] / to_axis;
        north[0] = -c[2] * east[1] / length;
        north[1] = c[2] * east[0] / length;
        north[2] = to_axis / length;
    }
    for (int i = 0; i < LINES; i++)
        for (int d = 0; d < 3; d++)
            line[i][d] = cos(PI * i / LINES) * east[d] + sin(PI * i / LINES) * north[d];
    if (length > 0.95 || length < 1e-9) return LINES; /* within some 25 degrees of the middle: as good as flat */
    for (int d = 0; d < 3; d++) line[LINES][d] = c[d] / length;
    return LINES + 1;
}

/* Sets best_side[] of a connected part of two or more nodes.
 *
 * A separator of s nodes that leaves the smaller side with k is scored s^2 / k: in a planar graph separators grow with
 * the square root of what they cut, so this compares cuts of unlike balance. */
static void separate(Part *p, const int32_t *node, const double *xyz)
{
    double line[LINES + 1][3], best = INFINITY;
    const int lines = lines_over(p, node, xyz, line);
    const int32_t n = p->n, share = END_SHARE * n > 1 ? (int32_t)(END_SHARE * n) : 1;
    for (int i = 0; i < lines; i++) {
        for (int32_t v = 0; v < n; v++) {
            const double *at = xyz + 3 * (int64_t)node[v];
            p->placed[v] = (Placed){at[0] * line[i][0] + at[1] * line[i][1] + at[2] * line[i][2], v};
        }
        select_first(p->placed, n, share);
        select_first(p->placed + share, n - share, n - 2 * share);
        memset(p->end, FREE_END, (size_t)n);
        for (int32_t j = 0; j < share; j++) {
            p->end[p->placed[j].id] = SOURCE_END;
            p->end[p->placed[n - 1 - j].id] = SINK_END;
        }
        const double most = sqrt(best * n / 2); /* a larger flow cannot win even if it halves the part */
        const int32_t limit = most < n ? (int32_t)most : n, flow = largest_flow(p, limit);
        for (int cut = 0; cut < 2 && flow <= limit; cut++) {
            if (cut == 0) cut_at_source(p);
            else cut_at_sink(p);
            const int32_t smaller = smaller_side(p);
            const double score = (double)flow * flow / (smaller > 0 ? smaller : 0.5);
            if (!(score < best)) continue;
            best = score;
            uint8_t *swap = p->side;
            p->side = p->best_side;
            p->best_side = swap;
        }
    }
}

/* ------------------------------------------------------------------------------------------------ nested dissection */

typedef int32_t (*Progress)(double done); /* done from 0 to 1; an answer other than 0 asks to stop */

/* The graph that is dissected. node[] holds the order as far as it is known: a part is a range of it that still has to
 * be ordered inside, and label[v] is where the part of v begins, or NOBODY if v has its place. */
typedef struct {
    const int32_t *first, *head;
    const double *xyz;
    int32_t *node, *label, *local, *sorted;
    int32_t *stack, top; /* pairs begin, end */
} Dissection;

static void push_part(Dissection *d, int32_t begin, int32_t end)
{
    for (int32_t i = begin; i < end; i++) d->label[d->node[i]] = begin;
    if (end - begin < 2) return;
    d->stack[d->top++] = begin;
    d->stack[d->top++] = end;
}

/* Copies the edges within node[begin..end-1] to p, renumbered from 0. */
static void extract(const Dissection *d, int32_t begin, int32_t end, Part *p)
{
    int32_t m = 0;
    p->n = end - begin;
    for (int32_t i = 0; i < p->n; i++) d->local[d->node[begin + i]] = i;
    for (int32_t i = 0; i < p->n; i++) {
        const int32_t v = d->node[begin + i];
        p->first[i] = m;
        for (int32_t a = d->first[v]; a < d->first[v + 1]; a++)
            if (d->label[d->head[a]] == begin) p->head[m++] = d->local[d->head[a]];
    }
    p->first[p->n] = m;
}

/* If the part falls into pieces, groups its nodes by piece and pushes the pieces. Returns whether it does. */
static int push_pieces(Dissection *d, int32_t begin, Part *p)
{
    int32_t *seen = p->level, *queue = p->queue, tail = 0, pieces = 0;
    memset(seen, 0, (size_t)p->n * sizeof *seen);
    for (int32_t root = 0; root < p->n; root++) {
        if (seen[root]) continue;
        p->goes_to[pieces++] = tail; /* where the piece begins in the queue */
        seen[queue[tail++] = root] = 1;
        for (int32_t i = tail - 1; i < tail; i++)
            for (int32_t a = p->first[queue[i]]; a < p->first[queue[i] + 1]; a++)
                if (!seen[p->head[a]]) seen[queue[tail++] = p->head[a]] = 1;
    }
    if (pieces == 1) return 0;
    for (int32_t i = 0; i < p->n; i++) d->sorted[i] = d->node[begin + queue[i]];
    memcpy(d->node + begin, d->sorted, (size_t)p->n * sizeof *d->sorted);
    for (int32_t i = 0; i < pieces; i++)
        push_part(d, begin + p->goes_to[i], begin + (i + 1 < pieces ? p->goes_to[i + 1] : p->n));
    return 1;
}

/* Orders the part as side A, side B, separator, and pushes the sides. */
static void push_sides(Dissection *d, int32_t begin, const Part *p)
{
    int32_t size[3] = {0, 0, 0};
    for (int32_t i = 0; i < p->n; i++) size[p->best_side[i]]++;
    int32_t next[3] = {0, size[SIDE_A], size[SIDE_A] + size[SIDE_B]};
    for (int32_t i = 0; i < p->n; i++) d->sorted[next[p->best_side[i]]++] = d->node[begin + i];
    memcpy(d->node + begin, d->sorted, (size_t)p->n * sizeof *d->sorted);
    for (int32_t i = size[SIDE_A] + size[SIDE_B]; i < p->n; i++) d->label[d->node[begin + i]] = NOBODY;
    push_part(d, begin, begin + size[SIDE_A]);
    push_part(d, begin + size[SIDE_A], begin + size[SIDE_A] + size[SIDE_B]);
}

/* Nested dissection (George 1973): separators last, then the two sides in the same way, down to complete graphs. */
static int dissect(int32_t n, const int32_t *first, const int32_t *head, const double *xyz, Progress progress,
                   int32_t *out_node)
{
    Part p;
    Dissection d = {first, head, xyz, out_node, new_array(n, sizeof(int32_t)), new_array(n, sizeof(int32_t)),
                    new_array(n, sizeof(int32_t)), new_array(2 * (int64_t)n, sizeof(int32_t)), 0};
    int status = part_new(&p, n, first[n]);
    if (!d.label || !d.local || !d.sorted || !d.stack) status = KERUEN_NO_MEMORY;
    if (!status) {
        for (int32_t v = 0; v < n; v++) out_node[v] = v;
        push_part(&d, 0, n);
    }
    for (double told = 0; !status && d.top > 0;) {
        const int32_t end = d.stack[--d.top], begin = d.stack[--d.top];
        extract(&d, begin, end, &p);
        const int64_t complete = (int64_t)p.n * (p.n - 1);
        if (p.first[p.n] < complete && !push_pieces(&d, begin, &p)) {
            separate(&p, out_node + begin, xyz);
            push_sides(&d, begin, &p);
        }
        const double done = 1 - (double)end / n; /* parts are taken from the stack from the end of the order on */
        if (progress && done > told + 0.01 && progress(told = done) != 0) status = STOPPED;
    }
    part_free(&p);
    free(d.label);
    free(d.local);
    free(d.sorted);
    free(d.stack);
    return status;
}

/* Dissects what the low degrees left of the graph, and writes its nodes to out_order. */
static int dissect_core(const Shrinking *g, int32_t n, const uint8_t *gone, const double *xyz, Progress progress,
                        int32_t *out_order)
{
    int32_t size = 0, m = 0, *first = new_array((int64_t)n + 1, sizeof *first), *head = NULL;
    int32_t *node = new_array(n, sizeof *node), *core_id = new_array(n, sizeof *core_id);
    double *core_xyz = new_array(3 * (int64_t)n, sizeof *core_xyz);
    int status = first && node && core_id && core_xyz ? KERUEN_OK : KERUEN_NO_MEMORY;
    for (int32_t v = 0; v < n && !status; v++) {
        if (gone[v]) continue;
        memcpy(core_xyz + 3 * (int64_t)size, xyz + 3 * (int64_t)v, 3 * sizeof *xyz);
        node[size] = v;
        core_id[v] = size;
        first[size++] = m;
        m += g->count[v]; /* no overflow: eliminating never adds more than it removes */
    }
    if (!status) {
        first[size] = m;
        head = new_array(m, sizeof *head);
        if (!head) status = KERUEN_NO_MEMORY;
    }
    for (int32_t i = 0; i < size && !status; i++)
        for (int32_t j = 0; j < g->count[node[i]]; j++)
            head[first[i] + j] = core_id[g->pool[g->start[node[i]] + j]];
    if (!status) status = dissect(size, first, head, core_xyz, progress, out_order);
    for (int32_t i = 0; i < size && !status; i++) out_order[i] = node[out_order[i]];
    free(first);
    free(head);
    free(node);
    free(core_id);
    free(core_xyz);
    return status;
}

/* Fills out_order[n] with the nodes of an undirected graph in the order of elimination. The graph has no loops and no
 * parallel edges, and lists each edge at both ends; xyz[n][3] are unit vectors. `progress` may be NULL. */
KERUEN_API int keruen_dissection_order(int32_t n, const int32_t *first, const int32_t *head, const double *xyz,
                                       Progress progress, int32_t *out_order)
{
    Shrinking g = {0};
    uint8_t *gone = calloc((size_t)n + 1, sizeof *gone);
    int64_t low = gone ? shrinking_new(&g, n, first, head) : KERUEN_NO_MEMORY;
    if (low == KERUEN_OK) low = eliminate_low_degrees(&g, n, gone, out_order);
    int status = low < 0 ? (int)low : dissect_core(&g, n, gone, xyz, progress, out_order + low);
    shrinking_free(&g);
    free(gone);
    return status;
}
